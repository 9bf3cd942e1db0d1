using OpenCvSharp;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Tests.Search;

/// <summary>A network that anybody can follow: a picture is its mean colour, and a word is the colour that it names.</summary>
internal sealed class WordColors(string name = "colours", int dimensions = 3) : IPictureEmbedder
{
    private static readonly Dictionary<string, float[]> s_words = new() { ["red"] = [1, 0, 0], ["green"] = [0, 1, 0], ["blue"] = [0, 0, 1] };

    /// <summary>Pictures that were embedded.</summary>
    internal int Pictures { get; private set; }

    /// <summary>Called before each batch.</summary>
    internal Action? Before { get; set; }

    public EmbeddingModel Model => new(name, string.Concat(name.Select(letter => Invariant($"{(int)letter:x2}"))).PadRight(64, '0'), dimensions, $"models/{name}");

    public float[][] Embed(ReadOnlySpan<Mat> pictures)
    {
        Before?.Invoke();
        Pictures += pictures.Length;
        float[][] vectors = new float[pictures.Length][];
        for (int i = 0; i < vectors.Length; i++)
        {
            Scalar mean = Cv2.Mean(pictures[i]);
            vectors[i] = Unit([(float)mean.Val2, (float)mean.Val1, (float)mean.Val0]);
        }
        return vectors;
    }

    public float[] Embed(string text) => Unit([.. s_words[text]]);

    private float[] Unit(float[] color)
    {
        float[] vector = new float[dimensions];
        color.CopyTo(vector, 0);
        UnitVector.Normalize(vector);
        return vector;
    }
}
