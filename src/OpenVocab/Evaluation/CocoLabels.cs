using System.Text.Json;

namespace OpenVocab.Evaluation;

/// <summary>Reads the ground truth of COCO and LVIS: <c>images</c>, <c>categories</c>, <c>annotations</c>, in any order.</summary>
internal sealed class CocoLabels
{
    private const string Remedy = "A COCO file is {\"images\": […], \"categories\": […], \"annotations\": […]}; docs/evaluation.md shows its form.";

    private static readonly string[] s_lists = ["images", "categories", "annotations"];

    private readonly CocoJson _json;
    private readonly DatasetOptions _options;
    private readonly string _folder;
    private readonly DataProblems _problems = new();
    private readonly SortedDictionary<EntryId, CocoImage> _images = [];
    private readonly SortedDictionary<EntryId, DatasetClass> _categories = [];
    private readonly List<CocoEntry> _annotations = [];
    private HashSet<string>? _exhaustive;

    private CocoLabels(string path, DatasetOptions options)
    {
        _json = CocoJson.Open(path);
        _options = options;
        _folder = options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
    }

    /// <exception cref="SourceException">The file is missing, no JSON, or has another form.</exception>
    internal static LabelledDataset Read(string path, DatasetOptions options)
    {
        CocoLabels file = new(path, options);
        try { file.ReadLists(); }
        catch (Exception fault) when (CocoJson.IsBroken(fault)) { throw file._json.Broken(fault); }
        return file.Resolve(path);
    }

    private void ReadLists()
    {
        Utf8JsonReader reader = new(_json.Bytes, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        bool isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
        if (!isObject) { throw _json.Other("it holds no object, so it is no COCO file of labels", Remedy); }
        HashSet<string> seen = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string list = reader.GetString()!;
            reader.Read();
            seen.Add(list);
            switch (list)
            {
                case "info" when reader.TokenType == JsonTokenType.StartObject: ReadInfo(ref reader); break;
                case "images": ReadList(ref reader, list, ReadImage); break;
                case "categories": ReadList(ref reader, list, ReadCategory); break;
                case "annotations": ReadList(ref reader, list, (ref entry) => _annotations.Add(CocoEntry.Read(ref entry))); break;
                default: reader.Skip(); break;
            }
        }
        reader.Read(); // what follows the object is an error
        string[] missing = [.. s_lists.Except(seen)];
        if (missing.Length > 0) { throw _json.Other($"it lacks {string.Join(" and ", missing.Select(name => $"\"{name}\""))}, so it is no COCO file of labels", Remedy); }
    }

    private delegate void EntryReader(ref Utf8JsonReader reader);

    private void ReadList(ref Utf8JsonReader reader, string list, EntryReader read)
    {
        if (reader.TokenType != JsonTokenType.StartArray) { throw _json.Other($"\"{list}\" is no list", Remedy); }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) { read(ref reader); }
    }

    // Only the project's own kind of list is known: which classes have all of their objects labelled.
    private void ReadInfo(ref Utf8JsonReader reader)
    {
        using JsonDocument info = JsonDocument.ParseValue(ref reader);
        if (_options.OnlyExhaustive && info.RootElement.TryGetProperty("exhaustive", out JsonElement names) && names.ValueKind == JsonValueKind.Array)
        {
            _exhaustive = [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)];
        }
    }

    private void ReadImage(ref Utf8JsonReader reader)
    {
        long at = reader.TokenStartIndex;
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        CocoImage image = CocoImage.Read(document.RootElement, out string? fault);
        string place = $"image {image.Id}";
        if (fault is not null) { _problems.Add(_json.PlaceOf(place, at), $"{fault}; it is left out"); }
        else if (!_images.TryAdd(image.Id, image)) { _problems.Add(_json.PlaceOf(place, at), "its id is there twice; it counts once, as the first has it"); }
    }

    private void ReadCategory(ref Utf8JsonReader reader)
    {
        long at = reader.TokenStartIndex;
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        string? name = CocoImage.Text(document.RootElement, "name");
        if (!CocoImage.TryGetId(document.RootElement, out EntryId id)) { _problems.Add(_json.PlaceOf("a category", at), "it has no id; it is left out"); }
        else if (string.IsNullOrWhiteSpace(name)) { _problems.Add(_json.PlaceOf($"category {id}", at), "it has no name; it is left out"); }
        else if (!_categories.TryAdd(id, new(name, FrequencyOf(document.RootElement)))) { _problems.Add(_json.PlaceOf($"category {id}", at), "its id is there twice; the first one counts"); }
    }

    private static ClassFrequency FrequencyOf(JsonElement category) => CocoImage.Text(category, "frequency") switch
    {
        "r" => ClassFrequency.Rare,
        "c" => ClassFrequency.Common,
        "f" => ClassFrequency.Frequent,
        _ => ClassFrequency.Unknown,
    };

    private LabelledDataset Resolve(string path)
    {
        Dictionary<EntryId, int> images = _images.Keys.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        List<DatasetClass> classes = [];
        Dictionary<EntryId, int> categories = [];
        foreach ((EntryId id, DatasetClass category) in _categories)
        {
            bool evaluated = _exhaustive is null || _exhaustive.Contains(category.Name);
            categories[id] = evaluated ? classes.Count : CocoIds.NotEvaluated;
            if (evaluated) { classes.Add(category); }
        }
        CocoIds ids = new(images, categories);
        List<LabelledBox> labels = ResolveLabels(ids, out int difficult, out bool hasIdZero);
        return new(path, [.. _images.Values.Select(image => image.Resolve(_folder, categories))], classes, labels, _problems)
        {
            Ids = ids,
            Notices = [.. NoticesOn(classes.Count, difficult, hasIdZero)],
        };
    }

    private List<LabelledBox> ResolveLabels(CocoIds ids, out int difficult, out bool hasIdZero)
    {
        List<LabelledBox> labels = new(_annotations.Count);
        HashSet<EntryId> seen = new(_annotations.Count);
        (difficult, hasIdZero) = (0, false);
        int number = 0;
        foreach (CocoEntry entry in _annotations)
        {
            number++;
            string Place() => _json.PlaceOf(entry.Id is { } id ? $"annotation {id}" : Invariant($"the annotation at place {number}"), entry.At);
            if (entry.Id is { } own && !seen.Add(own)) { _problems.Add(Place(), "its id is there twice; both count, where pycocotools counts the last one twice"); }
            if (!ids.TryFind(entry, Place, _problems, out int image, out int classId) || classId == CocoIds.NotEvaluated) { continue; }
            if (!(entry.Width > 0 && entry.Height > 0)) { _problems.Add(Place(), Invariant($"its box is {entry.Width} x {entry.Height} pixels: nothing can find it; it counts as missed, as in pycocotools")); }
            bool ignored = entry.IsDifficult && _options.IgnoreDifficult, zero = entry.Id is { Text: null, Number: 0 };
            difficult += ignored ? 1 : 0;
            hasIdZero |= zero;
            labels.Add(new(image, classId, entry.X, entry.Y, entry.Width, entry.Height)
            {
                Area = entry.Area ?? entry.Width * entry.Height,
                Kinds = (entry.IsCrowd ? LabelKinds.Crowd : 0) | (ignored || (entry.IsIgnored && _options.HonourIgnore) ? LabelKinds.Ignored : 0) | (zero && _options.UncreditIdZero ? LabelKinds.Uncredited : 0),
            });
        }
        return labels;
    }

    private IEnumerable<string> NoticesOn(int classes, int difficult, bool hasIdZero)
    {
        if (classes < _categories.Count) { yield return $"All objects are labelled for {classes} of the {_categories.Count} classes (info.exhaustive): only these are evaluated."; }
        if (difficult > 0) { yield return $"{difficult} boxes are marked as difficult: neither to be found nor a mistake (--difficult count counts them, as pycocotools does)."; }
        if (hasIdZero && _options.UncreditIdZero) { yield return "The annotation with id 0 takes a detection without being found, as in pycocotools, where 0 means \"no match\" (--id-zero count counts it as any other)."; }
    }
}
