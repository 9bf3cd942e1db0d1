using System.Collections.Concurrent;
using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>
/// A window on the desktop. OpenCV's windows belong to the thread that made them, and the pipeline's stages wander between threads: so each window has a
/// thread of its own, and callers wait for it.
/// </summary>
internal sealed class PictureWindow : IDisposable
{
    private const int Escape = 27;

    private readonly BlockingCollection<(Func<bool> Work, TaskCompletionSource<bool> Done)> _calls = [];
    private readonly Thread _thread;
    private readonly string _title;

    /// <summary>Opens a window.</summary>
    /// <exception cref="SinkException">There is no display.</exception>
    internal PictureWindow(string title)
    {
        _title = title;
        bool display = !OperatingSystem.IsLinux() ||
            Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!display) { throw NoWindow("there is no display", null); }
        _thread = new Thread(Serve) { IsBackground = true, Name = "OpenVocab window" };
        _thread.Start();
        try
        {
            Call(() =>
            {
                Cv2.NamedWindow(title, WindowFlags.AutoSize);
                return true;
            });
        }
        catch (OpenCVException fault)
        {
            Dispose();
            throw NoWindow(fault.ErrMsg, fault);
        }
    }

    /// <summary>Shows a picture and lets the window breathe.</summary>
    /// <returns>False if the user pressed q or Escape, or closed the window.</returns>
    internal bool Show(Mat picture, int milliseconds = 1) => Call(() =>
    {
        Cv2.ImShow(_title, picture);
        int key = Cv2.WaitKey(milliseconds) & 0xFF;
        return key is not (Escape or 'q') && IsOpen();
    });

    /// <summary>Shows a picture until a key is pressed or the window is closed.</summary>
    internal void ShowUntilClosed(Mat picture) => Call(() =>
    {
        Cv2.ImShow(_title, picture);
        while (Cv2.WaitKey(50) < 0 && IsOpen()) { }
        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_calls.IsAddingCompleted) { return; }
        _calls.CompleteAdding();
        _thread.Join();
        _calls.Dispose();
    }

    // Not every backend knows whether a window is visible; all say -1 of one that is gone.
    private bool IsOpen() => Cv2.GetWindowProperty(_title, WindowPropertyFlags.AutoSize) >= 0;

    private bool Call(Func<bool> work)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add((work, done));
        return done.Task.GetAwaiter().GetResult();
    }

    private void Serve()
    {
        foreach ((Func<bool> work, TaskCompletionSource<bool> done) in _calls.GetConsumingEnumerable())
        {
            try { done.SetResult(work()); }
            catch (OpenCVException fault) { done.SetException(fault); }
        }
        try
        {
            if (IsOpen()) { Cv2.DestroyWindow(_title); }
        }
        catch (OpenCVException) { } // it never opened, or the user closed it in between
    }

    private static SinkException NoWindow(string why, Exception? fault) => new(
        $"No window can be opened: {why}.", "Run it on a desktop (DISPLAY is set there), or leave --show out and look at the files.", fault);
}
