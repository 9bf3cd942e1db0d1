using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>What sinks that write files have in common: the list of files, notices once each, and nothing to do where nothing is to be done.</summary>
public abstract class FileSink : IResultSink
{
    private readonly List<string> _files = [];
    private readonly List<string> _notices = [];

    private protected FileSink() { }

    /// <summary>The files that are in place, in the order in which they were finished.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Things that a person should know and that are no errors, such as a weaker encoder; each once.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <inheritdoc/>
    public virtual void BeginSource(SourceInfo source) { }

    /// <inheritdoc/>
    public abstract void Write(Frame frame, FrameResult result);

    /// <inheritdoc/>
    public virtual void EndSource(SourceReport report) { }

    /// <inheritdoc/>
    public virtual void Complete() { }

    /// <summary>Removes what is not finished. Safe to call twice.</summary>
    public void Dispose()
    {
        Discard();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what is not finished; called by <see cref="Dispose"/>, perhaps twice.</summary>
    private protected virtual void Discard() { }

    private protected void AddFile(string path) => _files.Add(path);

    private protected void RemoveFile(string path) => _files.Remove(path);

    private protected void AddNotice(string notice)
    {
        if (!_notices.Contains(notice)) { _notices.Add(notice); }
    }
}
