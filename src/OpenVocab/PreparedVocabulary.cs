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
        Rows = RowsFor(vocabulary, signature);
        // Spare rows repeat the first prompt: so they count for its class.
        int[] classOfRow = new int[Rows];
        Array.Fill(classOfRow, vocabulary.ClassOfRow[0]);
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

    /// <summary>Unit vectors, <see cref="Rows"/> of them; empty for a network with classes of its own.</summary>
    internal float[] Text { get; }

    internal int Rows { get; }

    internal DecodeSettings Settings { get; }

    /// <summary>With lower thresholds: for a tracker, which keeps tracks alive with weak boxes and reports none of its own.</summary>
    internal DecodeSettings WeakSettings { get; }

    private static int RowsFor(Vocabulary vocabulary, ModelSignature signature)
    {
        int dimensions = signature.Text?.Dimensions ?? 0;
        if (vocabulary.Dimensions != dimensions)
        {
            throw new ArgumentException(
                $"The vocabulary's embeddings have {vocabulary.Dimensions} dimensions; this detector takes {dimensions}. Encode the words with this detector.", nameof(vocabulary));
        }
        if (signature.Text is null)
        {
            return vocabulary.Rows == signature.Classes.Count ? vocabulary.Rows : throw new ArgumentException(
                $"The vocabulary is of a model with {vocabulary.Rows} classes; this one has {signature.Classes.Count}. Encode the words with this detector.", nameof(vocabulary));
        }
        int rows = signature.Text.Prompts > 0 ? signature.Text.Prompts : vocabulary.Rows;
        return vocabulary.Rows <= rows ? rows : throw new PromptException(
            $"{vocabulary.Rows} prompts (with synonyms, background and padding); this model was exported for {rows}.",
            "Use fewer prompts, or a model with a free number of prompts.");
    }

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
