using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>A window on the desktop. Needs a display; OpenCV's windows belong to the thread that made them.</summary>
internal sealed class PictureWindow : IDisposable
{
    private const int Escape = 27;
    private readonly string _title;

    internal PictureWindow(string title)
    {
        _title = title;
        bool display = !OperatingSystem.IsLinux() ||
            Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        if (!display) { throw NoWindow("there is no display", null); }
        try { Cv2.NamedWindow(title, WindowFlags.KeepRatio | WindowFlags.AutoSize); }
        catch (OpenCVException fault) { throw NoWindow(fault.ErrMsg, fault); }
    }

    /// <summary>Shows a picture and lets the window breathe.</summary>
    /// <returns>False if the user pressed q or Escape, or closed the window.</returns>
    internal bool Show(Mat picture, int milliseconds = 1)
    {
        Cv2.ImShow(_title, picture);
        int key = Cv2.WaitKey(milliseconds) & 0xFF;
        return key is not (Escape or 'q') && Cv2.GetWindowProperty(_title, WindowPropertyFlags.Visible) >= 1;
    }

    /// <summary>Shows a picture until a key is pressed or the window is closed.</summary>
    internal void ShowUntilClosed(Mat picture)
    {
        Cv2.ImShow(_title, picture);
        while (Cv2.WaitKey(50) < 0 && Cv2.GetWindowProperty(_title, WindowPropertyFlags.Visible) >= 1) { }
    }

    /// <inheritdoc/>
    public void Dispose() => Cv2.DestroyWindow(_title);

    private static SinkException NoWindow(string why, Exception? fault) => new(
        $"No window can be opened: {why}.", "Run it on a desktop (DISPLAY is set there), or leave --show out and look at the files.", fault);
}
