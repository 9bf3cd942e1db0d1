using OpenCvSharp;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>What the tiny networks find in a white picture: three boxes of three classes, on three levels; the same, whatever the layout.</summary>
internal static class KnownBoxes
{
    internal const int Width = 96, Height = 64, Anchors = 126, Classes = 3, Bins = 16;

    /// <summary>Float32 in other orders of adding; pixels.</summary>
    internal const float BoxTolerance = 1e-3f;

    /// <summary>A logistic function there and back.</summary>
    internal const float ScoreTolerance = 1e-5f;

    private const float Nothing = 0.001f;

    /// <summary>Far enough apart that bins which are not meant add nothing to a mean.</summary>
    private const float HighBin = 45, LowBin = -5;

    /// <summary>Best first: anchor, class, score, box in input pixels.</summary>
    private static readonly (int Anchor, int ClassId, float Score, Box Box)[] s_found =
    [
        (27, 1, 0.9f, new(24, 14, 36, 26)), (112, 0, 0.8f, new(60, 28, 88, 48)), (124, 2, 0.7f, new(24, 24, 80, 64)),
    ];

    /// <summary>Sides of the levels' maps: height, width, stride, index of the first anchor.</summary>
    internal static (int Height, int Width, int Stride, int First)[] Levels { get; } = [(8, 12, 8, 0), (4, 6, 16, 96), (2, 3, 32, 120)];

    internal static Mat Picture(byte brightness, int width = Width, int height = Height) => new(height, width, MatType.CV_8UC3, Scalar.All(brightness));

    /// <summary>A channel for each class, anchors side by side.</summary>
    internal static float[] Probabilities()
    {
        float[] scores = [.. Enumerable.Repeat(Nothing, Classes * Anchors)];
        foreach ((int anchor, int classId, float score, _) in s_found) { scores[classId * Anchors + anchor] = score; }
        return scores;
    }

    internal static float[] Logits() => [.. Probabilities().Select(value => MathF.Log(value / (1 - value)))];

    /// <summary>Left, top, right, bottom in cells: four channels, anchors side by side.</summary>
    internal static float[] Distances()
    {
        float[] distances = new float[4 * Anchors];
        for (int anchor = 0; anchor < Anchors; anchor++)
        {
            distances[anchor] = 0.5f + 0.25f * (anchor % 3);
            distances[Anchors + anchor] = 0.75f;
            distances[2 * Anchors + anchor] = 1f;
            distances[3 * Anchors + anchor] = 0.5f + 0.25f * (anchor % 2);
        }
        return distances;
    }

    /// <summary>Logits of bins whose mean is the distance: 64 channels, anchors side by side.</summary>
    internal static float[] DistanceBins()
    {
        float[] distances = Distances(), bins = [.. Enumerable.Repeat(LowBin, 4 * Bins * Anchors)];
        for (int i = 0; i < distances.Length; i++)
        {
            (int side, int anchor, int whole) = (i / Anchors, i % Anchors, (int)distances[i]);
            float part = distances[i] - whole;
            if (part < 1) { bins[(side * Bins + whole) * Anchors + anchor] = HighBin + MathF.Log(1 - part); }
            if (part > 0) { bins[(side * Bins + whole + 1) * Anchors + anchor] = HighBin + MathF.Log(part); }
        }
        return bins;
    }

    /// <summary>x1, y1, x2, y2 in pixels: four channels, anchors side by side.</summary>
    internal static float[] Corners()
    {
        float[] distances = Distances(), corners = new float[4 * Anchors];
        foreach ((int height, int width, int stride, int first) in Levels)
        {
            for (int cell = 0; cell < height * width; cell++)
            {
                float x = (cell % width + 0.5f) * stride, y = (cell / width + 0.5f) * stride;
                int anchor = first + cell;
                corners[anchor] = x - distances[anchor] * stride;
                corners[Anchors + anchor] = y - distances[Anchors + anchor] * stride;
                corners[2 * Anchors + anchor] = x + distances[2 * Anchors + anchor] * stride;
                corners[3 * Anchors + anchor] = y + distances[3 * Anchors + anchor] * stride;
            }
        }
        return corners;
    }

    /// <summary>Centre x, centre y, width, height: four channels, anchors side by side.</summary>
    internal static float[] CentersAndSizes()
    {
        float[] corners = Corners(), boxes = new float[4 * Anchors];
        for (int i = 0; i < 2 * Anchors; i++)
        {
            boxes[i] = (corners[i] + corners[2 * Anchors + i]) / 2;
            boxes[2 * Anchors + i] = corners[2 * Anchors + i] - corners[i];
        }
        return boxes;
    }

    /// <summary>Channels side by side instead of anchors.</summary>
    internal static float[] Transpose(float[] channels, int anchors = Anchors)
    {
        int count = channels.Length / anchors;
        float[] rows = new float[channels.Length];
        for (int i = 0; i < channels.Length; i++) { rows[i % anchors * count + i / anchors] = channels[i]; }
        return rows;
    }

    /// <summary>The anchors of one level out of all.</summary>
    internal static float[] OfLevel(float[] channels, int level)
    {
        (int height, int width, _, int first) = Levels[level];
        return [.. channels.Chunk(Anchors).SelectMany(line => line.AsSpan(first, height * width).ToArray())];
    }

    /// <summary>The three boxes as rows: x1, y1, x2, y2, score, class.</summary>
    internal static float[][] Rows() => [.. s_found.Select(found => new[] { found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2, found.Score, found.ClassId })];

    /// <summary>Compares with what a white picture shows; another brightness makes the scores smaller, and hides those that are not above 0.25.</summary>
    internal static void Equal(FrameResult result, float brightness = 1, params int[] classes)
    {
        (int, int ClassId, float Score, Box Box)[] expected = [.. s_found.Where(found => found.Score * brightness > 0.25f && (classes.Length == 0 || classes.Contains(found.ClassId)))];
        Assert.Equal(expected.Select(found => found.ClassId), result.Detections.Select(found => found.ClassId));
        foreach (((_, _, float score, Box box), Detection found) in expected.Zip(result.Detections))
        {
            Assert.Equal(score * brightness, found.Score, ScoreTolerance);
            Equal(box, found.Box);
        }
    }

    internal static void Equal(Box expected, Box found)
    {
        Assert.Equal(expected.X1, found.X1, BoxTolerance);
        Assert.Equal(expected.Y1, found.Y1, BoxTolerance);
        Assert.Equal(expected.X2, found.X2, BoxTolerance);
        Assert.Equal(expected.Y2, found.Y2, BoxTolerance);
    }
}
