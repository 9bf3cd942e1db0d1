namespace OpenVocab.Drawing;

/// <summary>How results are drawn. Immutable; change it by <c>with</c>.</summary>
public sealed record AnnotatorOptions
{
    /// <summary>Width of lines in pixels, 1 to 100; 0: to suit the size of the picture. Text grows with it.</summary>
    public int LineWidth { get; init; }

    /// <summary>Whether class names are written. Default true.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>Whether scores stand behind class names. Default true.</summary>
    public bool Scores { get; init; } = true;

    /// <summary>Over how many frames the way of a tracked thing is drawn, 0 to 10,000; 0: none. Default 30.</summary>
    public int TrailLength { get; init; } = 30;
}
