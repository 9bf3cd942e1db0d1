using System.Runtime.InteropServices;
using System.Text;

namespace OpenVocab.Cli.Terminal;

/// <summary>
/// Standard output and standard error, without a buffer. .NET's own stream says nothing when whoever reads it has gone away, and a run would never end; a FileStream
/// keeps a position of its own, and would write over what others add to the same file (<c>&gt; log 2&gt;&amp;1</c>).
/// </summary>
internal sealed partial class StandardStream : WriteOnlyStream
{
    // Numbers that Linux and macOS share; the one for "not now" they do not.
    private const int Output = 1, Error = 2, Interrupted = 4, ClosedPipe = 32;
    private const short CanBeWritten = 4;

    private static readonly int s_notNow = OperatingSystem.IsMacOS() ? 35 : 11;

    private readonly int _descriptor;
    private readonly Action<int> _failed;
    private readonly Stream? _windows;

    private StandardStream(int descriptor, Action<int> failed)
    {
        (_descriptor, _failed) = (descriptor, failed);
        if (OperatingSystem.IsWindows()) { _windows = descriptor == Output ? Console.OpenStandardOutput() : Console.OpenStandardError(); }
    }

    /// <summary>Standard output for data. A fault of the disk or the device is a <see cref="SinkException"/>.</summary>
    /// <param name="closed">Called, perhaps again, where whoever reads it has gone away: that is no fault, and what is written from then on goes nowhere.</param>
    internal static StandardStream OpenOutput(Action closed) => new(Output, error =>
    {
        if (error != ClosedPipe) { throw Fault(error); }
        closed();
    });

    /// <summary>Standard output for texts; throws <see cref="OutputClosedException"/> where whoever reads it has gone away.</summary>
    internal static TextWriter OutputWriter() => Writer(new(Output, error => throw (error == ClosedPipe ? new OutputClosedException() : Fault(error))));

    /// <summary>Standard error. Where it cannot be written, there is nobody to tell it to: a run does not end for it.</summary>
    internal static TextWriter ErrorWriter() => Writer(new(Error, _ => { }));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_windows is not null)
        {
            _windows.Write(buffer);
            return;
        }
        while (buffer.Length > 0)
        {
            nint written = Write(_descriptor, buffer, (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            int error = Marshal.GetLastPInvokeError();
            if (error == s_notNow)
            {
                Waiting one = new() { Descriptor = _descriptor, Wanted = CanBeWritten };
                _ = Poll(ref one, 1, -1);
            }
            else if (error != Interrupted)
            {
                _failed(error);
                return;
            }
        }
    }

    private static TextWriter Writer(StandardStream stream) => TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    private static SinkException Fault(int error) => new($"Standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.", "Free some space, or write to another place.");

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Waiting descriptors, nuint count, int milliseconds);

    private struct Waiting
    {
        internal int Descriptor;
        internal short Wanted, Found;
    }
}
