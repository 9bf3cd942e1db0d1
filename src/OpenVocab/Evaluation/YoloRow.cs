namespace OpenVocab.Evaluation;

/// <summary>A line of a YOLO label file. Positions and sizes are fractions of the picture.</summary>
internal readonly record struct YoloRow(int Class, double CentreX, double CentreY, double Width, double Height)
{
    /// <summary>numpy's order of rows.</summary>
    internal static int Compare(YoloRow left, YoloRow right) => (left.Class, left.CentreX, left.CentreY, left.Width, left.Height).CompareTo(
        (right.Class, right.CentreX, right.CentreY, right.Width, right.Height));

    /// <summary>In pixels; nothing is clipped.</summary>
    internal LabelledBox ToBox(int image, int width, int height) => new(image, Class, (CentreX - Width / 2) * width, (CentreY - Height / 2) * height, Width * width, Height * height);
}
