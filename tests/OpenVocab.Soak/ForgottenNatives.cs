using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace OpenVocab.Soak;

/// <summary>
/// Counts native objects that nobody disposed: their finalizers run, and the runtime tells of each. Memory alone does not show them, because where much is allocated the
/// collector runs often and frees what was forgotten.
/// </summary>
internal sealed class ForgottenNatives : EventListener
{
    private const EventKeywords Collector = (EventKeywords)0x1;

    private static readonly Dictionary<nint, string> s_watched = new Type[] { typeof(Mat), typeof(VideoCapture), typeof(VideoWriter), typeof(OrtValue), typeof(InferenceSession), typeof(OrtIoBinding) }
        .ToDictionary(type => type.TypeHandle.Value, type => type.Name);

    private readonly ConcurrentDictionary<string, int> _found = new();

    /// <summary>How many of all kinds.</summary>
    internal int Count => _found.Values.Sum();

    public override string ToString() => string.Join(", ", _found.Select(found => $"{found.Value} {found.Key}"));

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") { EnableEvents(eventSource, EventLevel.Verbose, Collector); }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("FinalizeObject", StringComparison.Ordinal) != true || eventData.Payload is not [var type, ..]) { return; }
        nint handle = type switch { nint pointer => pointer, ulong number => (nint)number, long number => (nint)number, _ => 0 };
        if (s_watched.TryGetValue(handle, out string? name)) { _found.AddOrUpdate(name, 1, (_, count) => count + 1); }
    }
}
