using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Decoding;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Files that the exporters of others wrote, read in place.</summary>
public class GoldenFileTests
{
    /// <summary>Tolerances of the reference: pixels of the input, probabilities.</summary>
    private const float BoxTolerance = 0.05f, ScoreTolerance = 5e-4f;

    [Fact]
    public void An_export_with_classes_baked_in_finds_what_the_reference_finds()
    {
        NpzFile arrays = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.onnx.npz"));
        using Detector detector = Detector.Load(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.onnx"), new DetectorOptions { MinScore = 0.3f });

        Assert.Equal((20, "aeroplane"), (detector.Vocabulary.Classes.Count, detector.Vocabulary.Classes[0].Name));
        Compare(detector, arrays);
    }

    [Fact]
    public void An_export_with_a_text_input_looks_for_the_words_it_is_given()
    {
        NpzFile arrays = NpzFile.Read(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.k3-rect.npz"));
        using Detector detector = Detector.Load(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.text-k3.onnx"), new DetectorOptions { MinScore = 0.3f });

        Assert.True(detector.BorrowsTextEncoder);
        Prompts.Vocabulary given = new(Prompts.PromptSet.Of("a", "b", "c"), arrays["text"].ToFloats(), [0, 1, 2], 512, hasPaddingPrompt: false, []);
        Compare(detector, arrays, given);
        Assert.Equal(2, detector.SetClasses("red bus", "person").Classes.Count);
    }

    // The letterboxed pixels of the reference as a picture of their own, so that nothing but the network and the decoding is compared.
    private static void Compare(Detector detector, NpzFile arrays, Prompts.Vocabulary? vocabulary = null)
    {
        NpyFile images = arrays["images"], output = arrays["output0"];
        (int height, int width) = (images.Shape[1], images.Shape[2]);
        using Mat rgb = Mat.FromPixelData(height, width, MatType.CV_8UC3, images.ToBytes()[..(height * width * 3)]);
        using Mat picture = new();
        Cv2.CvtColor(rgb, picture, ColorConversionCodes.RGB2BGR);
        int classes = output.Shape[1] - 4;
        DecodeSettings settings = new() { ClassOfRow = [.. Enumerable.Range(0, classes)], Thresholds = [.. Enumerable.Repeat(0.3f, classes)], SuppressionGroups = [.. Enumerable.Range(0, classes)] };
        Candidates candidates = new();
        List<int> kept = [];
        OutputTensor tensor = new() { Values = output.ToFloats(), Shape = [.. output.Shape.Select(side => (long)side)], Count = output.Count };
        new ChannelMajorDecoder().Decode(new NetworkOutputs(tensor), 0, settings, candidates);
        new NonMaxSuppression().Run(candidates, settings, kept);

        IReadOnlyList<Detection> found = detector.Detect(picture, vocabulary ?? detector.Vocabulary).Detections;

        Assert.NotEmpty(kept);
        // Rounding may turn over what lies at a threshold or has nearly the same score; the rest must be there.
        int matched = kept.Count(i => found.Any(detection => detection.ClassId == candidates.ClassId[i] && Math.Abs(detection.Score - candidates.Score[i]) <= ScoreTolerance &&
            Math.Abs(detection.Box.X1 - Math.Clamp(candidates.X1[i], 0, width)) <= BoxTolerance && Math.Abs(detection.Box.Y2 - Math.Clamp(candidates.Y2[i], 0, height)) <= BoxTolerance));
        Assert.InRange(matched, kept.Count - 2, kept.Count);
        Assert.InRange(found.Count, kept.Count - 2, kept.Count + 2);
    }
}
