using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OpenVocab.Media;

/// <summary>
/// One child process: argument list, never a shell; its standard error is read on a task of its own, because a child whose pipe is
/// full stands still. Disposing kills a child that still runs.
/// </summary>
internal sealed class FfmpegProcess : IDisposable
{
    private const int KeptLines = 50;
    private const int LongestLine = 4096;

    private readonly Process _process;
    private readonly Task _errorReader;
    private readonly Queue<string> _lines = new();
    private int _disposed;

    private FfmpegProcess(Process process, Action<string>? onErrorLine, Action? onEnd)
    {
        _process = process;
        _errorReader = Task.Factory.StartNew(
            () => ReadErrors(onErrorLine, onEnd), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Bytes into the child.</summary>
    internal Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Bytes out of the child.</summary>
    internal Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Exit status; only after <see cref="WaitForExit"/> returned true.</summary>
    internal int ExitCode => _process.ExitCode;

    /// <summary>The child's last lines on standard error, without passwords.</summary>
    internal string LastErrors
    {
        get { lock (_lines) { return string.Join(Environment.NewLine, _lines); } }
    }

    /// <summary>Starts a program of ffmpeg.</summary>
    /// <param name="program">Full path, from <see cref="Ffmpeg"/>.</param>
    /// <param name="arguments">Each passed as it is.</param>
    /// <param name="onErrorLine">Gets every line of standard error, redacted, on a thread of its own; null: the last lines are only kept.</param>
    /// <param name="onEnd">Called on that thread after the last line.</param>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    internal static FfmpegProcess Start(string program, IEnumerable<string> arguments, Action<string>? onErrorLine = null, Action? onEnd = null)
    {
        // setsid becomes the program that it starts: same process, same pipes.
        ProcessStartInfo start = Ffmpeg.SessionPath is { } session ? new(session, [program, .. arguments]) : new(program, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardErrorEncoding = Encoding.UTF8;
        return new FfmpegProcess(Process.Start(start)!, onErrorLine, onEnd);
    }

    /// <summary>Waits for the end of the child and of its standard error.</summary>
    /// <returns>False if it still runs after <paramref name="timeout"/>.</returns>
    internal bool WaitForExit(TimeSpan timeout) => _process.WaitForExit(timeout) && _errorReader.Wait(timeout);

    /// <summary>Ends the child at once; whoever reads or writes its pipes gets the end or an error. Safe to call at any time.</summary>
    internal void Kill()
    {
        try { _process.Kill(entireProcessTree: true); }
        catch (InvalidOperationException) { } // it has ended by itself in between
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) { return; }
        Kill();
        _process.WaitForExit();
        _errorReader.Wait();
        _process.Dispose();
    }

    private void ReadErrors(Action<string>? onErrorLine, Action? onEnd)
    {
        StreamReader errors = _process.StandardError;
        while (errors.ReadLine() is { } raw)
        {
            string line = Ffmpeg.Redact(raw.Length > LongestLine ? raw[..LongestLine] : raw);
            if (onErrorLine is not null) { onErrorLine(line); }
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > KeptLines) { _lines.Dequeue(); }
            }
        }
        onEnd?.Invoke();
    }
}
