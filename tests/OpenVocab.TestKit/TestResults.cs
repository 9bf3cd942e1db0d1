using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.TestKit;

/// <summary>Results and frames with known content, without a network.</summary>
public static class TestResults
{
    /// <summary>A vocabulary of these names; its embeddings mean nothing.</summary>
    public static Vocabulary VocabularyOf(params string[] names) => VocabularyOf(PromptSet.Of(names));

    /// <summary>A vocabulary of a set with one phrase a class; its embeddings mean nothing.</summary>
    public static Vocabulary VocabularyOf(PromptSet prompts)
    {
        int rows = prompts.Classes.Count;
        return new(prompts, [.. Enumerable.Repeat(0.5f, rows * 4)], [.. Enumerable.Range(0, rows)], 4, false, []);
    }

    /// <summary>A result with these detections.</summary>
    public static FrameResult Result(Vocabulary vocabulary, int width, int height, params Detection[] detections)
    {
        FrameResult result = new() { Vocabulary = vocabulary, Width = width, Height = height };
        result.Items.AddRange(detections);
        return result;
    }

    /// <summary>A frame of one grey.</summary>
    public static Frame Frame(int width, int height, long index = 0, double seconds = 0, byte grey = 90)
    {
        Frame frame = new() { Index = index, Time = TimeSpan.FromSeconds(seconds) };
        frame.Take(new Mat(height, width, MatType.CV_8UC3, Scalar.All(grey)));
        return frame;
    }
}
