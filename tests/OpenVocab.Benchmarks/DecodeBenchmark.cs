using BenchmarkDotNet.Attributes;
using OpenCvSharp;
using OpenCvSharp.Dnn;
using OpenVocab.Bundles;
using OpenVocab.Decoding;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.TestKit;

namespace OpenVocab.Benchmarks;

/// <summary>
/// Decoding and NMS of what the embedded model says of the sample video's frame, against CvDnn.NMSBoxes on the same candidates
/// (which gets them for nothing: finding them is not in its time).
/// </summary>
[MemoryDiagnoser]
public class DecodeBenchmark
{
    private readonly ChannelMajorDecoder _decoder = new();
    private readonly NonMaxSuppression _suppression = new();
    private readonly Candidates _candidates = new();
    private readonly List<int> _kept = [];
    private float[] _output = [];
    private int _columns;
    private DecodeSettings _settings = null!;
    private Rect2d[] _boxes = [];
    private float[] _scores = [];

    /// <summary>0.25 is what people use; 0.01 brings thousands of candidates, as evaluation does.</summary>
    [Params(0.25f, 0.01f)]
    public float Threshold { get; set; }

    [Params(80, 1203)]
    public int Prompts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ModelBundle bundle = ModelBundle.OpenDefault();
        Vocabulary vocabulary = SyntheticVocabulary.Like(bundle.LoadDefaultVocabulary(), Prompts);
        using DetectorModel model = new(bundle.Require(BundleRoles.Detector).Path, new(ExecutionDevice.Cpu, 1));
        using Mat picture = ImageFile.Read(RepositoryFiles.Get("samples", "media", "pedestrians-frame-0120.jpg"));
        LetterboxGeometry geometry = LetterboxGeometry.Fit(picture.Width, picture.Height, 640, 640, false, 32);
        InferenceSlot slot = model.Rent();
        slot.Letterbox.Write(picture, geometry, slot.PixelsFor(640, 640, 1));
        slot.Run(vocabulary.Embeddings.ToArray(), vocabulary.Rows);
        _output = slot.Outputs.Tensors[0].Of(0).ToArray();
        _columns = slot.Outputs.Tensors[0].Side(2);
        model.Return(slot);
        _settings = new()
        {
            ClassOfRow = [.. Enumerable.Range(0, Prompts)],
            Thresholds = [.. Enumerable.Repeat(Threshold, Prompts)],
            SuppressionGroups = [.. Enumerable.Range(0, Prompts)],
            IouThreshold = 0.5,
        };
        _decoder.Decode(_output, _columns, _settings, _candidates);
        _scores = _candidates.Score[.._candidates.Count];
        // The class offset that NMSBoxes does not know of; without it, it would do another job.
        _boxes = [.. Enumerable.Range(0, _candidates.Count).Select(i => new Rect2d(
            _candidates.X1[i] + 7680.0 * _candidates.ClassId[i], _candidates.Y1[i], _candidates.X2[i] - _candidates.X1[i], _candidates.Y2[i] - _candidates.Y1[i]))];
        Console.WriteLine($"// {_boxes.Length} candidates of {_columns} anchors");
    }

    [Benchmark(Baseline = true, Description = "CvDnn.NMSBoxes alone")]
    public int OpenCv()
    {
        CvDnn.NMSBoxes(_boxes, _scores, Threshold, 0.5f, out int[] kept);
        return kept.Length;
    }

    [Benchmark(Description = "anchor by anchor in C#, then CvDnn.NMSBoxes")]
    public int Usual()
    {
        List<Rect2d> boxes = [];
        List<float> scores = [];
        int anchors = _columns;
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            (int best, float score) = (0, 0);
            for (int row = 0; row < Prompts; row++)
            {
                float value = _output[(4 + row) * anchors + anchor];
                if (value > score) { (best, score) = (row, value); }
            }
            if (score <= Threshold) { continue; }
            float width = _output[2 * anchors + anchor], height = _output[3 * anchors + anchor];
            boxes.Add(new Rect2d(_output[anchor] - width / 2 + 7680.0 * best, _output[anchors + anchor] - height / 2, width, height));
            scores.Add(score);
        }
        CvDnn.NMSBoxes(boxes, scores, Threshold, 0.5f, out int[] kept);
        return kept.Length;
    }

    [Benchmark(Description = "OpenVocab decoding and NMS")]
    public int OpenVocab()
    {
        _decoder.Decode(_output, _columns, _settings, _candidates);
        _suppression.Run(_candidates, _settings, _kept);
        return _kept.Count;
    }
}
