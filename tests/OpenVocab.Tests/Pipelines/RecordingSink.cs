using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Pipelines;

/// <summary>Remembers what it was given.</summary>
internal sealed class RecordingSink(Action<long>? onWrite = null) : IResultSink
{
    internal List<(long Index, IReadOnlyList<Detection> Found)> Frames { get; } = [];

    /// <summary>What each frame was looked at for.</summary>
    internal List<Vocabulary> Vocabularies { get; } = [];

    internal List<string> Calls { get; } = [];

    /// <summary>Names of the pictures of a <see cref="ListSource"/>.</summary>
    internal string[] Names { get; private set; } = [];

    public void BeginSource(SourceInfo source)
    {
        Calls.Add("begin");
        Names = source.Name.Split('|');
    }

    public void Write(Frame frame, FrameResult result)
    {
        Frames.Add((frame.Index, [.. result.Detections]));
        Vocabularies.Add(result.Vocabulary);
        onWrite?.Invoke(frame.Index);
    }

    public void EndSource(SourceReport report) => Calls.Add("end");

    public void Complete() => Calls.Add("complete");

    public void Dispose() => Calls.Add("dispose");
}
