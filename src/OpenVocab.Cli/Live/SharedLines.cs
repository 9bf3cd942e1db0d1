using OpenVocab.Cli.Terminal;

namespace OpenVocab.Cli.Live;

/// <summary>Where the lines of all sources go. The first fault is told by the source that meets it; the others end, and say no more of it.</summary>
/// <param name="inner">Disposed with this.</param>
/// <param name="failed">Ends the run.</param>
internal sealed class SharedLines(Stream inner, Action failed) : WriteOnlyStream
{
    private readonly Lock _gate = new();
    private bool _failed;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_gate)
        {
            if (_failed) { return; }
            try { inner.Write(buffer); }
            catch
            {
                _failed = true;
                failed();
                throw;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }
        base.Dispose(disposing);
    }
}
