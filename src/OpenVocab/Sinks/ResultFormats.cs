using OpenVocab.Drawing;

namespace OpenVocab.Sinks;

/// <summary>The output formats by name: a new one is a file in this folder and a line here.</summary>
public static class ResultFormats
{
    private static readonly Dictionary<string, Func<string, ResultFormatOptions, IEnumerable<FileSink>>> s_formats = new(StringComparer.Ordinal)
    {
        ["annotated"] = (folder, options) => [new AnnotatedPictureSink(folder, options.Annotator), AnnotatedVideoSink.InFolder(folder, options.Annotator)],
        ["jsonl"] = (folder, _) => [new JsonLinesSink(Path.Combine(folder, "detections.jsonl"))],
        ["csv"] = (folder, _) => [new CsvSink(Path.Combine(folder, "detections.csv"))],
        ["coco"] = (folder, _) => [new CocoResultsSink(Path.Combine(folder, "detections.coco.json"))],
        ["yolo"] = (folder, options) => [new YoloTextSink(folder, options.Scores)],
        ["crops"] = (folder, _) => [new CropSink(folder)],
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => s_formats.Keys;

    /// <summary>Makes the sinks of a format.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="folder">Where the files go; made when the first is written.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The name is none of <see cref="Names"/>.</exception>
    public static IEnumerable<FileSink> Create(string name, string folder, ResultFormatOptions? options = null) =>
        s_formats.TryGetValue(name, out var create) ? create(folder, options ?? new()) : throw new ArgumentException(
            $"\"{name}\" is no output format; there are {string.Join(", ", Names)}.", nameof(name));
}

/// <summary>What output formats may be told. Immutable; change it by <c>with</c>.</summary>
public sealed record ResultFormatOptions
{
    /// <summary>How annotated pictures and videos are drawn.</summary>
    public AnnotatorOptions Annotator { get; init; } = new();

    /// <summary>Whether YOLO labels have the score behind the box.</summary>
    public bool Scores { get; init; }
}
