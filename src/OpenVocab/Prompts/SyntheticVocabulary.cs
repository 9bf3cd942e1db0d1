namespace OpenVocab.Prompts;

/// <summary>Vocabularies of any size, for measuring time: what words cost does not hang on which they are.</summary>
internal static class SyntheticVocabulary
{
    /// <summary>The words of a vocabulary, and then others that lie near them, so that a network has something to say of them. The same every time.</summary>
    internal static Vocabulary Like(Vocabulary own, int count)
    {
        int dimensions = own.Dimensions;
        float[] rows = new float[count * dimensions];
        Random random = new(1);
        for (int row = 0; row < count; row++)
        {
            Span<float> into = rows.AsSpan(row * dimensions, dimensions);
            own.Embeddings.Slice(row % own.Rows * dimensions, dimensions).CopyTo(into);
            if (row < own.Rows) { continue; }
            for (int i = 0; i < dimensions; i++) { into[i] += (float)(random.NextDouble() - 0.5) / 4; }
            UnitVector.Normalize(into);
        }
        return new(PromptSet.Of(Enumerable.Range(1, count).Select(number => Invariant($"word {number}"))), rows, [.. Enumerable.Range(0, count)], dimensions, hasPaddingPrompt: false, []);
    }
}
