namespace OpenVocab.Inference;

/// <summary>Finds out which input takes the picture and which the words.</summary>
internal static class InputRules
{
    /// <summary>The roles of all inputs.</summary>
    /// <param name="inputs">In the order of the file.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="ModelException">There is no picture input, or an input that nobody knows how to fill.</exception>
    internal static (PictureRole Picture, TextRole? Text) Find(IReadOnlyList<TensorDescription> inputs, string path)
    {
        PictureRole[] pictures = [.. inputs.Select(PictureRole.For).OfType<PictureRole>()];
        TextRole[] texts = [.. inputs.Select(TextRole.For).OfType<TextRole>()];
        string has = $"; the file has {string.Join(", ", inputs)}.";
        if (pictures.Length == 0)
        {
            throw new ModelException($"{path}: no picture input (4 dimensions, the second or the last 3){has}", "Use a detector: a network that takes a colour picture.");
        }
        if (pictures.Length > 1 || texts.Length > 1)
        {
            (int count, string what) = pictures.Length > 1 ? (pictures.Length, "a picture") : (texts.Length, "the words' embeddings");
            throw new ModelException($"{path}: {count} inputs could take {what}; one is needed{has}", "Use a detector with one input for the picture and at most one for the words.");
        }
        if (inputs.FirstOrDefault(input => input.Name != pictures[0].Name && input.Name != texts.FirstOrDefault()?.Name) is { } unknown)
        {
            throw new ModelException($"{path}: nobody here knows what the input {unknown} takes{has}", "Use a detector that takes a picture, or a picture and text embeddings (2 or 3 dimensions, the last one fixed).");
        }
        return (pictures[0], texts.FirstOrDefault());
    }
}
