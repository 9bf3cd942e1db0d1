using OpenCvSharp;

namespace OpenVocab.Drawing;

/// <summary>Chooses places for labels: beside their box, inside the picture, not over another label where that can be had.</summary>
/// <remarks>One per annotator and thread; holds the labels of the current frame.</remarks>
internal sealed class LabelLayout
{
    private readonly List<Rect> _placed = [];

    /// <summary>Forgets the labels of the frame before.</summary>
    internal void Clear() => _placed.Clear();

    /// <summary>The place of a label.</summary>
    /// <param name="box">What it belongs to, in pixels.</param>
    /// <param name="label">Size of the label; larger than the picture only where the picture is tiny.</param>
    /// <param name="picture">Size of the picture.</param>
    internal Rect Place(Rect box, Size label, Size picture)
    {
        // Above, then inside at the top, below, inside at the bottom; and each of them flush right.
        ReadOnlySpan<Point> corners =
        [
            new(box.Left, box.Top - label.Height), new(box.Left, box.Top), new(box.Left, box.Bottom), new(box.Left, box.Bottom - label.Height),
            new(box.Right - label.Width, box.Top - label.Height), new(box.Right - label.Width, box.Top), new(box.Right - label.Width, box.Bottom),
        ];
        Rect chosen = default;
        bool found = false;
        foreach (Point corner in corners)
        {
            if (corner.Y < 0 || corner.Y + label.Height > picture.Height) { continue; }
            Rect place = Inside(corner, label, picture);
            if (!found) { (chosen, found) = (place, true); }
            if (IsFree(place))
            {
                chosen = place;
                break;
            }
        }
        if (!found) { chosen = Inside(new(box.Left, box.Top), label, picture); }
        _placed.Add(chosen);
        return chosen;
    }

    private bool IsFree(Rect place)
    {
        foreach (Rect other in _placed)
        {
            if (place.IntersectsWith(other)) { return false; }
        }
        return true;
    }

    private static Rect Inside(Point corner, Size label, Size picture) => new(
        Math.Clamp(corner.X, 0, Math.Max(picture.Width - label.Width, 0)), Math.Clamp(corner.Y, 0, Math.Max(picture.Height - label.Height, 0)),
        Math.Min(label.Width, picture.Width), Math.Min(label.Height, picture.Height));
}
