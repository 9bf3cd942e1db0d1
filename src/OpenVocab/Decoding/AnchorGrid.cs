namespace OpenVocab.Decoding;

/// <summary>Centres of the cells that anchors stand for: of one level, or of the usual three (strides 8, 16, 32) one after another.</summary>
/// <param name="width">Width of the network's input.</param>
/// <param name="height">Height of the network's input.</param>
/// <param name="stride">Pixels between two cells, or <see cref="Joined"/>.</param>
internal readonly struct AnchorGrid(int width, int height, int stride)
{
    internal const int Joined = 0;

    private const int FinestStride = 8, CoarsestStride = 32;

    /// <summary>How many anchors the usual three levels have together.</summary>
    internal static int CountJoined(int width, int height)
    {
        int count = 0;
        for (int at = FinestStride; at <= CoarsestStride; at *= 2) { count += width / at * (height / at); }
        return count;
    }

    /// <summary>Centre of an anchor's cell in input pixels, and the size of the cell.</summary>
    internal (float X, float Y, int Stride) this[int anchor]
    {
        get
        {
            if (stride != Joined) { return Cell(anchor, stride); }
            int at = FinestStride;
            for (; at < CoarsestStride && anchor >= width / at * (height / at); at *= 2) { anchor -= width / at * (height / at); }
            return Cell(anchor, at);
        }
    }

    private (float X, float Y, int Stride) Cell(int anchor, int size)
    {
        int columns = Math.Max(width / size, 1);
        return ((anchor % columns + 0.5f) * size, (anchor / columns + 0.5f) * size, size);
    }
}
