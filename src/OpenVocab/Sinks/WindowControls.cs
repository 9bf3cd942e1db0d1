using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>
/// What keys do in the windows of a run, the same for all of its windows: q or Escape ends it; c or / begins a line of words, Enter puts them in force, Escape throws the
/// line away. Safe for any number of threads.
/// </summary>
public sealed class WindowControls
{
    private const int Enter = 13, LineFeed = 10, Escape = 27, Backspace = 8, LongestLine = 2000;
    private static readonly TimeSpan s_messageStays = TimeSpan.FromSeconds(4);

    private readonly Action _stop;
    private readonly Func<string, string>? _changeWords;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private string? _entry, _message;
    private long _messageAt;

    /// <summary>Makes the controls.</summary>
    /// <param name="stop">Called, perhaps several times, when the user wants no more: usually cancels the run's token.</param>
    /// <param name="changeWords">Puts the words that were typed in force and says what came of it; not called on the window's thread. Null: words cannot be typed.</param>
    /// <param name="clock">Null: the system's.</param>
    public WindowControls(Action stop, Func<string, string>? changeWords = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(stop);
        (_stop, _changeWords, _clock) = (stop, changeWords, clock ?? TimeProvider.System);
    }

    /// <summary>For a window that shows one picture.</summary>
    internal bool AnyKeyStops { get; init; }

    /// <summary>What the windows show in their lowest line; null: nothing.</summary>
    internal string? Line
    {
        get
        {
            lock (_gate)
            {
                if (_entry is not null) { return $"words: {_entry}_"; }
                return _message is not null && _clock.GetElapsedTime(_messageAt) < s_messageStays ? _message : null;
            }
        }
    }

    internal void Stop() => _stop();

    /// <summary>A key, as OpenCV numbers it.</summary>
    internal void Press(int key)
    {
        string? words = null;
        bool stop = false;
        lock (_gate)
        {
            if (_entry is null)
            {
                if (key is 'c' or '/' && _changeWords is not null) { _entry = ""; }
                else { stop = AnyKeyStops || key is 'q' or Escape; }
            }
            else if (key is Enter or LineFeed) { (words, _entry) = (_entry, null); }
            else if (key == Escape) { _entry = null; }
            else if (key == Backspace) { _entry = _entry.Length > 0 ? _entry[..^1] : ""; }
            else if (key is >= ' ' and < 127 && _entry.Length < LongestLine) { _entry += (char)key; }
        }
        if (stop) { _stop(); }
        // Encoding words takes its time, and the window must go on breathing.
        if (!string.IsNullOrWhiteSpace(words)) { Task.Run(() => Change(words)); }
    }

    /// <summary>Draws <see cref="Line"/> along the lower edge.</summary>
    internal void Draw(Mat picture)
    {
        if (Line is not { } line) { return; }
        Size size = picture.Size();
        double scale = Math.Clamp(size.Width / 1200.0, 0.45, 1.5);
        int height = (int)(40 * scale);
        Cv2.Rectangle(picture, new Rect(0, size.Height - height, size.Width, height), Scalar.Black, -1);
        Cv2.PutText(picture, line, new Point(8, size.Height - height / 3), HersheyFonts.HersheySimplex, scale, Scalar.White, Math.Max(1, (int)(1.6 * scale)), LineTypes.AntiAlias);
    }

    private void Change(string words)
    {
        string message = _changeWords!(words);
        lock (_gate) { (_message, _messageAt) = (message, _clock.GetTimestamp()); }
    }
}
