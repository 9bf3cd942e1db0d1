using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>A window on the desktop. Any thread may use it; the work is done on that of <see cref="WindowLoop"/>.</summary>
internal sealed class PictureWindow : IDisposable
{
    private static int s_opened;

    private readonly string _name;
    private bool _disposed, _shown;

    /// <summary>Opens a window.</summary>
    /// <param name="title">What its title bar says.</param>
    /// <param name="controls">Gets its keys, and is told to stop when the user closes it.</param>
    /// <exception cref="SinkException">There is no display.</exception>
    internal PictureWindow(string title, WindowControls controls)
    {
        Controls = controls;
        bool display = !OperatingSystem.IsLinux() ||
            Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!display) { throw NoWindow("there is no display", null); }
        // The toolkit knows windows by their names: two of one title must have two.
        _name = $"OpenVocab {Interlocked.Increment(ref s_opened)}";
        try
        {
            WindowLoop.Call(() =>
            {
                Cv2.NamedWindow(_name, WindowFlags.AutoSize);
                Cv2.SetWindowTitle(_name, title);
                WindowLoop.Add(this);
            });
        }
        catch (OpenCVException fault) { throw NoWindow(fault.ErrMsg, fault); }
    }

    internal WindowControls Controls { get; }

    /// <summary>Shows a picture.</summary>
    internal void Show(Mat picture) => WindowLoop.Call(() =>
    {
        if (_shown && !IsOpen()) { return; } // showing would open it again
        Cv2.ImShow(_name, picture);
        _shown = true;
    });

    /// <summary>Tells the controls, once, if the user has closed the window; on the windows' thread.</summary>
    internal void NoticeClosing()
    {
        if (IsOpen()) { return; }
        WindowLoop.Remove(this);
        Controls.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) { return; }
        _disposed = true;
        try
        {
            WindowLoop.Call(() =>
            {
                WindowLoop.Remove(this);
                if (IsOpen()) { Cv2.DestroyWindow(_name); }
                Cv2.WaitKey(1); // it goes when the toolkit has worked off what is due
            });
        }
        catch (OpenCVException) { } // the user closed it in between
    }

    // Not every backend knows whether a window is visible; all say -1 of one that is gone.
    private bool IsOpen() => Cv2.GetWindowProperty(_name, WindowPropertyFlags.AutoSize) >= 0;

    private static SinkException NoWindow(string why, Exception? fault) => new(
        $"No window can be opened: {why}.", "Run it on a desktop (DISPLAY is set there), or leave --show out and look at the files.", fault);
}
