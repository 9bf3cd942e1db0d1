using System.Globalization;
using System.Numerics;

namespace OpenVocab.Counting;

/// <summary>A line or a zone of the picture where tracked things are counted. Immutable. A thing is where the middle of its box's lower edge is: where it stands.</summary>
public abstract class CountRegion
{
    private const float Farthest = 100_000;
    private const int LongestName = 100;

    private protected CountRegion(string name, IReadOnlyList<Vector2> points)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name)) { throw new ArgumentException($"The name of a line or zone is empty; give it one of at most {LongestName} characters."); }
        if (name.Length > LongestName) { throw new ArgumentException($"The name \"{name[..40]}…\" of a line or zone has {name.Length} characters; at most {LongestName} are possible."); }
        foreach (Vector2 point in points)
        {
            if (!(Math.Abs(point.X) <= Farthest && Math.Abs(point.Y) <= Farthest))
            {
                throw new ArgumentException(Invariant($"\"{name}\": the point ({point.X}, {point.Y}) is not in a picture; coordinates lie between -{Farthest} and {Farthest}."));
            }
        }
        (Name, Points) = (name, points);
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>Two ends or at least three corners, in pixels of the source picture.</summary>
    public IReadOnlyList<Vector2> Points { get; }

    /// <summary>Reads a line.</summary>
    /// <param name="text"><c>x1,y1,x2,y2</c>, in pixels; <c>name=</c> may stand before it.</param>
    /// <param name="defaultName">The name where none is given.</param>
    /// <exception cref="ArgumentException">It is no line: the message says why.</exception>
    public static CountLine ParseLine(string text, string defaultName)
    {
        (string name, List<Vector2> points) = Parse(text, defaultName, "line", "x1,y1,x2,y2");
        return points.Count == 2 ? new CountLine(name, points[0], points[1]) : throw new ArgumentException(
            $"The line \"{text}\" has {2 * points.Count} numbers; a line has four: x1,y1,x2,y2.");
    }

    /// <summary>Reads a zone.</summary>
    /// <param name="text"><c>x1,y1,x2,y2,x3,y3</c> and so on, in pixels; <c>name=</c> may stand before it.</param>
    /// <param name="defaultName">The name where none is given.</param>
    /// <exception cref="ArgumentException">It is no zone: the message says why.</exception>
    public static CountZone ParseZone(string text, string defaultName)
    {
        (string name, List<Vector2> points) = Parse(text, defaultName, "zone", "x1,y1,x2,y2,x3,y3");
        return new CountZone(name, points);
    }

    private static (string Name, List<Vector2> Points) Parse(string text, string defaultName, string kind, string form)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.LastIndexOf('=');
        string name = equals >= 0 ? text[..equals].Trim() : defaultName;
        if (name.Length == 0) { throw new ArgumentException($"The {kind} \"{text}\" has an empty name: write NAME={form}, or leave the = out."); }
        List<float> numbers = [];
        foreach (string part in text[(equals + 1)..].Split(','))
        {
            numbers.Add(float.TryParse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : throw new ArgumentException(
                $"The {kind} \"{text}\" has \"{part.Trim()}\" where a number of pixels should be: give {form}."));
        }
        if (numbers.Count % 2 != 0) { throw new ArgumentException($"The {kind} \"{text}\" has {numbers.Count} numbers: each x needs its y ({form})."); }
        return (name, [.. Enumerable.Range(0, numbers.Count / 2).Select(i => new Vector2(numbers[2 * i], numbers[2 * i + 1]))]);
    }
}

/// <summary>
/// Counts who crosses. <i>In</i> is from the left hand of somebody who walks from the first end to the second to their right hand, as one sees it in the picture: for a line
/// drawn from left to right, downwards.
/// </summary>
public sealed class CountLine : CountRegion
{
    /// <summary>Makes a line.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="start">First end, in pixels of the source picture.</param>
    /// <param name="end">Second end; another point than the first.</param>
    public CountLine(string name, Vector2 start, Vector2 end) : base(name, [start, end])
    {
        if (start == end) { throw new ArgumentException($"\"{name}\": both ends of the line are the same point."); }
    }

    /// <summary>First end.</summary>
    public Vector2 Start => Points[0];

    /// <summary>Second end.</summary>
    public Vector2 End => Points[1];

    /// <summary>Distance of a point in pixels; positive where <i>in</i> leads to.</summary>
    internal float SideOf(Vector2 point)
    {
        Vector2 along = Vector2.Normalize(End - Start), to = point - Start;
        return along.X * to.Y - along.Y * to.X;
    }

    /// <summary>Whether a way from one point to another meets the line between its ends.</summary>
    internal bool IsCrossedBy(Vector2 from, Vector2 to)
    {
        float before = SideOf(from), after = SideOf(to);
        if (before == after) { return false; }
        Vector2 at = Vector2.Lerp(from, to, before / (before - after)), along = End - Start;
        float share = Vector2.Dot(at - Start, along) / along.LengthSquared();
        return share is >= 0 and <= 1;
    }
}

/// <summary>Counts who comes into a polygon and who leaves it, and how long they stay. What is first seen inside came in; what is not seen any more has left.</summary>
public sealed class CountZone : CountRegion
{
    private const int MostCorners = 1000;

    /// <summary>Makes a zone.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="corners">3 to 1,000, not all on one line, in pixels of the source picture; the last is joined to the first.</param>
    public CountZone(string name, IReadOnlyList<Vector2> corners) : base(name, corners)
    {
        if (corners.Count is < 3 or > MostCorners) { throw new ArgumentException($"\"{name}\" has {corners.Count} corners; a zone has 3 to {MostCorners}."); }
        Vector2 first = corners[0], other = corners.FirstOrDefault(corner => corner != first, first);
        bool flat = corners.All(corner => Cross(other - first, corner - first) == 0);
        if (flat) { throw new ArgumentException($"\"{name}\" has no area: all corners of a zone lie on one line."); }
    }

    private static double Cross(Vector2 along, Vector2 to) => (double)along.X * to.Y - (double)along.Y * to.X;

    /// <summary>Even-odd rule: a ray to the right meets an odd number of edges.</summary>
    internal bool Contains(Vector2 point)
    {
        bool inside = false;
        for (int i = 0, j = Points.Count - 1; i < Points.Count; j = i++)
        {
            Vector2 a = Points[i], b = Points[j];
            if (a.Y > point.Y != b.Y > point.Y && point.X < (b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y) + a.X) { inside = !inside; }
        }
        return inside;
    }
}
