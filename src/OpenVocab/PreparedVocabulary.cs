using OpenVocab.Bundles;
using OpenVocab.Decoding;
using OpenVocab.Inference;
using OpenVocab.Prompts;
using OpenVocab.Tracking;

namespace OpenVocab;

/// <summary>A vocabulary in the form in which one detector needs it: the text input's memory, and the thresholds of each class.</summary>
internal sealed class PreparedVocabulary
{
    internal PreparedVocabulary(Vocabulary vocabulary, DetectorSettings bundle, DetectorOptions options, ModelSignature signature)
    {
        if (vocabulary.Rows == 0) { throw new ArgumentException("The vocabulary is empty: there is nothing to look for.", nameof(vocabulary)); }
        if (vocabulary.Dimensions != signature.Dimensions)
        {
            throw new ArgumentException(
                $"The vocabulary's embeddings have {vocabulary.Dimensions} dimensions; this detector takes {signature.Dimensions}. " +
                "Encode the words with this detector.", nameof(vocabulary));
        }
        Rows = signature.Prompts > 0 ? signature.Prompts : vocabulary.Rows;
        if (vocabulary.Rows > Rows)
        {
            throw new PromptException(
                $"{vocabulary.Rows} prompts (with synonyms, background and padding); this model was exported for {Rows}.",
                "Use fewer prompts, or a model with a free number of prompts.");
        }
        int[] classOfRow = new int[Rows];
        Array.Fill(classOfRow, Vocabulary.BackgroundRow);
        vocabulary.ClassOfRow.CopyTo(classOfRow);
        Text = Fill(vocabulary, Rows);
        float threshold = options.MinScore ?? bundle.ScoreThreshold;
        DecodeSettings WithThresholds(float share) => new()
        {
            ClassOfRow = classOfRow,
            Thresholds = [.. vocabulary.Classes.Select(prompt => share * (prompt.Threshold ?? threshold))],
            SuppressionGroups = vocabulary.SuppressionGroups,
            MultiLabel = options.MultiLabel,
            Agnostic = options.AgnosticNms,
            IouThreshold = options.IouThreshold ?? bundle.IouThreshold,
            MaxDetections = options.MaxDetections,
            MaxCandidates = options.MaxCandidates,
        };
        Settings = WithThresholds(1);
        WeakSettings = WithThresholds(ByteTracker.WeakShare);
    }

    /// <summary>Unit vectors, <see cref="Rows"/> of them.</summary>
    internal float[] Text { get; }

    internal int Rows { get; }

    internal DecodeSettings Settings { get; }

    /// <summary>With lower thresholds: for a tracker, which keeps tracks alive with weak boxes and reports none of its own.</summary>
    internal DecodeSettings WeakSettings { get; }

    // Spare rows of a network with a fixed number of prompts repeat the first prompt: that changes nothing, while rows of zeros would
    // take part in YOLO-World's attention.
    private static float[] Fill(Vocabulary vocabulary, int rows)
    {
        float[] text = GC.AllocateUninitializedArray<float>(rows * vocabulary.Dimensions, pinned: true);
        vocabulary.Embeddings.CopyTo(text);
        for (int row = vocabulary.Rows; row < rows; row++)
        {
            vocabulary.Embeddings[..vocabulary.Dimensions].CopyTo(text.AsSpan(row * vocabulary.Dimensions));
        }
        return text;
    }
}
