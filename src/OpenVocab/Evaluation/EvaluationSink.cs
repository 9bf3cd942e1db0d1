using OpenVocab.Prompts;
using OpenVocab.Sinks;
using OpenVocab.Sources;

namespace OpenVocab.Evaluation;

/// <summary>Collects what a detector finds in the pictures of a data set, for <see cref="CocoEvaluator"/>. Pictures are recognised by their paths; what was collected can be read after the run.</summary>
/// <remarks>For numbers that others can compare, detect with a score threshold of 0.001, <see cref="DetectorOptions.MultiLabel"/>, and an NMS overlap of 0.7.</remarks>
public sealed class EvaluationSink : IResultSink
{
    private const int Unknown = -1;

    private readonly LabelledDataset _dataset;
    private readonly Dictionary<string, int[]> _imagesOfPath;
    private readonly List<ScoredBox> _detections = [];
    private readonly HashSet<int> _seen = [];
    private readonly DataProblems _problems = new();
    private Vocabulary? _vocabulary;
    private int[] _classOf = [];
    private int[] _images = [];

    /// <summary>Collects for a data set.</summary>
    /// <param name="dataset">Classes are recognised by their names.</param>
    public EvaluationSink(LabelledDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _dataset = dataset;
        _imagesOfPath = dataset.Images.Index().GroupBy(image => image.Item.Path).ToDictionary(group => group.Key, group => group.Select(image => image.Index).ToArray());
    }

    /// <summary>What was found, by index of picture and class.</summary>
    public IReadOnlyList<ScoredBox> Detections => _detections;

    /// <summary>Indices of the pictures that were looked at.</summary>
    public IReadOnlySet<int> Seen => _seen;

    /// <summary>Pictures whose size is not the one that the labels have.</summary>
    public DataProblems Problems => _problems;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The source is none of the data set's pictures.</exception>
    public void BeginSource(SourceInfo source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _images = _imagesOfPath.GetValueOrDefault(source.Path ?? source.Name) ?? throw new ArgumentException($"{source.Name} is no picture of {_dataset.Name}.", nameof(source));
    }

    /// <inheritdoc/>
    public void Write(Frame frame, FrameResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        MapClasses(result.Vocabulary);
        foreach (int image in _images)
        {
            if (!_seen.Add(image)) { continue; }
            CheckSize(_dataset.Images[image], result);
            foreach (Detection found in result.Items)
            {
                if (_classOf[found.ClassId] != Unknown) { _detections.Add(ScoredBox.From(image, found) with { Class = _classOf[found.ClassId] }); }
            }
        }
    }

    /// <inheritdoc/>
    public void EndSource(SourceReport report) { }

    /// <inheritdoc/>
    public void Complete() { }

    /// <inheritdoc/>
    public void Dispose() { }

    private void MapClasses(Vocabulary vocabulary)
    {
        if (ReferenceEquals(vocabulary, _vocabulary)) { return; }
        _vocabulary = vocabulary;
        Dictionary<string, int> indices = [];
        foreach ((int index, DatasetClass each) in _dataset.Classes.Index()) { indices.TryAdd(each.Name, index); }
        _classOf = [.. vocabulary.Classes.Select(prompt => indices.GetValueOrDefault(prompt.Name, Unknown))];
    }

    private void CheckSize(DatasetImage image, FrameResult result)
    {
        if (image.Width > 0 && (image.Width, image.Height) != (result.Width, result.Height))
        {
            _problems.Add($"image {image.Id}", $"the labels are for {image.Width} x {image.Height} pixels, the picture has {result.Width} x {result.Height}; it is evaluated all the same");
        }
    }
}
