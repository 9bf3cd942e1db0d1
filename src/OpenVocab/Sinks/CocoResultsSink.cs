using System.Globalization;
using System.Text.Json;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// COCO results: a list of <c>{"image_id", "category_id", "bbox": [x, y, width, height], "score"}</c> (and <c>"track_id"</c> where something tracks), which evaluation tools read. Beside it a file
/// <c>….images.json</c> with <c>images</c> and <c>categories</c> says what the ids mean. A picture whose name is a number (COCO's are) has that number as its
/// id; others, and frames of videos, are counted from 1. Categories are class ids from 1.
/// </summary>
public sealed class CocoResultsSink : FileSink
{
    private sealed record Image(long Id, string FileName, long Frame, int Width, int Height);

    private readonly string _path;
    private readonly List<Image> _images = [];
    private readonly HashSet<long> _ids = [];
    private readonly List<string> _categories = [];
    private AtomicFile? _file;
    private Utf8JsonWriter? _json;
    private SourceInfo? _source;
    private Vocabulary? _numbered;
    private long _next = 1;

    /// <summary>Writes a file; it is in place when the run is complete.</summary>
    /// <param name="path">Usually ends in .json.</param>
    public CocoResultsSink(string path) => _path = path;

    /// <inheritdoc/>
    public override void BeginSource(SourceInfo source)
    {
        _source = source;
        Open();
    }

    /// <inheritdoc/>
    public override void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(result);
        Utf8JsonWriter json = Open();
        Image image = new(NewId(), _source!.Name, frame.Index, result.Width, result.Height);
        _images.Add(image);
        NumberClasses(result.Vocabulary);
        foreach (Detection found in result.Items)
        {
            json.WriteStartObject();
            json.WriteNumber("image_id", image.Id);
            json.WriteNumber("category_id", 1 + _categories.IndexOf(result.NameOf(found)));
            json.WriteStartArray("bbox");
            json.WriteNumberValue(Round(found.Box.X1));
            json.WriteNumberValue(Round(found.Box.Y1));
            json.WriteNumberValue(Round(found.Box.Width));
            json.WriteNumberValue(Round(found.Box.Height));
            json.WriteEndArray();
            json.WriteNumber("score", Math.Round((decimal)found.Score, 5));
            if (found.TrackId is { } track) { json.WriteNumber("track_id", track); }
            json.WriteEndObject();
        }
        Guarded(json.Flush);
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        Utf8JsonWriter json = Open();
        json.WriteEndArray();
        Guarded(json.Flush);
        _file!.Commit();
        string companion = Path.ChangeExtension(_path, ".images.json");
        AtomicFile.Write(companion, DescribeIds());
        AddFile(_path);
        AddFile(companion);
    }

    private protected override void Discard()
    {
        // Without its stream: what is not committed is thrown away.
        _file?.Dispose();
    }

    private Utf8JsonWriter Open()
    {
        if (_json is not null) { return _json; }
        _file = new AtomicFile(_path);
        _json = new(_file.Stream);
        _json.WriteStartArray();
        return _json;
    }

    private void Guarded(Action write)
    {
        try { write(); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_path, fault); }
    }

    private long NewId()
    {
        string stem = Path.GetFileNameWithoutExtension(_source!.Name);
        bool numbered = _source.Kind == SourceKind.Picture && long.TryParse(stem, NumberStyles.None, CultureInfo.InvariantCulture, out long own) && _ids.Add(own);
        if (numbered) { return long.Parse(stem, CultureInfo.InvariantCulture); }
        while (!_ids.Add(_next)) { _next++; }
        return _next++;
    }

    // In the order of the classes; names of a vocabulary that came while the run went on follow behind.
    private void NumberClasses(Vocabulary vocabulary)
    {
        if (ReferenceEquals(vocabulary, _numbered)) { return; }
        _numbered = vocabulary;
        _categories.AddRange(vocabulary.Classes.Select(prompt => prompt.Name).Where(name => !_categories.Contains(name)));
    }

    private byte[] DescribeIds() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        images = _images.Select(image => new { id = image.Id, file_name = image.FileName, frame = image.Frame, width = image.Width, height = image.Height }),
        categories = _categories.Select((name, i) => new { id = i + 1, name }),
    });

    private static decimal Round(float value) => Math.Round((decimal)value, 2);
}
