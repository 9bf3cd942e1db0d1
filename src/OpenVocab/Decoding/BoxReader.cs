namespace OpenVocab.Decoding;

/// <summary>Turns an anchor's numbers into the corners of its box.</summary>
/// <param name="boxes">The channels of the boxes.</param>
/// <param name="form">What they mean.</param>
/// <param name="grid">Where the anchors are.</param>
internal readonly ref struct BoxReader(ChannelView boxes, BoxForm form, AnchorGrid grid)
{
    private readonly ChannelView _boxes = boxes;

    /// <summary>Adds the box of an anchor.</summary>
    /// <param name="anchor">Index within the level.</param>
    /// <param name="score">Its probability.</param>
    /// <param name="classId">Its class.</param>
    /// <param name="first">Index of the level's first anchor.</param>
    /// <param name="into">Gets the box.</param>
    internal void Add(int anchor, float score, int classId, int first, Candidates into)
    {
        (float a, float b, float c, float d) = form == BoxForm.DistanceBins
            ? (Mean(0, anchor), Mean(1, anchor), Mean(2, anchor), Mean(3, anchor))
            : (_boxes[0, anchor], _boxes[1, anchor], _boxes[2, anchor], _boxes[3, anchor]);
        switch (form)
        {
            case BoxForm.Corners:
                into.Add(a, b, c, d, score, classId, first + anchor);
                break;
            case BoxForm.CenterSize:
                into.Add(a - c / 2, b - d / 2, a + c / 2, b + d / 2, score, classId, first + anchor);
                break;
            default:
                (float x, float y, int stride) = grid[anchor];
                into.Add(x - a * stride, y - b * stride, x + c * stride, y + d * stride, score, classId, first + anchor);
                break;
        }
    }

    // Softmax over the bins of a side, and the mean of the bins' numbers; the largest logit is taken off first, so that no exponential overflows.
    private float Mean(int side, int anchor)
    {
        int bins = _boxes.Channels / 4;
        float largest = float.NegativeInfinity, sum = 0, weighted = 0;
        for (int bin = 0; bin < bins; bin++) { largest = Math.Max(largest, _boxes[side * bins + bin, anchor]); }
        for (int bin = 0; bin < bins; bin++)
        {
            float weight = MathF.Exp(_boxes[side * bins + bin, anchor] - largest);
            sum += weight;
            weighted += weight * bin;
        }
        return weighted / sum;
    }
}
