namespace OpenVocab.Decoding;

/// <summary>What the numbers of a box mean.</summary>
internal enum BoxForm
{
    /// <summary>Centre x, centre y, width, height in input pixels.</summary>
    CenterSize,

    /// <summary>x1, y1, x2, y2 in input pixels.</summary>
    Corners,

    /// <summary>Distances from the centre of the anchor's cell to the left, upper, right and lower edge, in cells.</summary>
    Distances,

    /// <summary>The same four distances, each as logits over equally many whole numbers from 0 on: their mean is the distance.</summary>
    DistanceBins,
}
