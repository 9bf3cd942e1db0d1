namespace OpenVocab.Decoding;

/// <summary>
/// Every layout with a box and scores for each anchor but the usual one, which <see cref="ChannelMajorDecoder"/> reads faster: anchors side by
/// side or apart, boxes and scores in one output or two or on three levels, with objectness or without, probabilities or logits.
/// </summary>
/// <remarks>
/// First one fast scan finds the anchors that have any score above the smallest threshold; the rest is done for these few alone. Holds scratch
/// memory: one per inference slot, one thread at a time.
/// </remarks>
internal sealed class DenseDecoder(DenseLayout layout) : IOutputDecoder
{
    /// <summary>The scan over logits must not miss a score that rounding lifts above its threshold.</summary>
    private const float LogitSlack = 1e-3f;

    private readonly List<int> _anchors = [];
    private bool[] _hit = [];
    private float[] _scores = [];
    private float[] _bestOfClass = [];

    public bool NeedsSuppression => true;

    public int CountClasses(NetworkOutputs outputs) => layout.Levels[0].Scores.Count(outputs);

    public void Decode(NetworkOutputs outputs, int picture, DecodeSettings settings, Candidates into)
    {
        into.Clear();
        float bound = layout.Logits ? Logit(settings.LeastThreshold) - LogitSlack : settings.LeastThreshold;
        int rows = settings.ClassOfRow.Length, first = 0;
        if (_scores.Length < rows) { _scores = new float[rows]; }
        foreach (DenseLevel level in layout.Levels)
        {
            ChannelView scores = level.Scores.Of(outputs, picture), boxes = level.Boxes.Of(outputs, picture);
            ChannelView objectness = level.Objectness is { } place ? place.Of(outputs, picture) : default;
            OutputTensor map = outputs.Tensors[level.Boxes.Output];
            int stride = map.Rank == 4 ? outputs.InputWidth / map.Side(level.Boxes.ChannelsLast ? 2 : 3) : AnchorGrid.Joined;
            BoxReader reader = new(boxes, layout.Form, new AnchorGrid(outputs.InputWidth, outputs.InputHeight, stride));
            // A product with a factor of at most 1: where objectness is not above the bound, no score is.
            FindAnchors(objectness.Channels > 0 ? objectness : scores, bound);
            foreach (int anchor in _anchors)
            {
                ReadScores(scores, objectness, anchor, rows);
                if (settings.MultiLabel) { AddEvery(reader, anchor, first, settings, into); }
                else { AddBest(reader, anchor, first, settings, into); }
            }
            first += scores.Anchors;
        }
    }

    private void FindAnchors(in ChannelView view, float bound)
    {
        _anchors.Clear();
        if (view.HasRows)
        {
            for (int anchor = 0; anchor < view.Anchors; anchor++)
            {
                if (ChannelMajorDecoder.NextAbove(view.Row(anchor), 0, bound) < view.Channels) { _anchors.Add(anchor); }
            }
            return;
        }
        if (_hit.Length < view.Anchors) { _hit = new bool[view.Anchors]; }
        for (int channel = 0; channel < view.Channels; channel++)
        {
            ReadOnlySpan<float> line = view.Line(channel);
            for (int at = ChannelMajorDecoder.NextAbove(line, 0, bound); at < line.Length; at = ChannelMajorDecoder.NextAbove(line, at + 1, bound)) { _hit[at] = true; }
        }
        for (int anchor = 0; anchor < view.Anchors; anchor++)
        {
            if (_hit[anchor]) { _anchors.Add(anchor); }
        }
        _hit.AsSpan(0, view.Anchors).Clear();
    }

    private void ReadScores(in ChannelView scores, in ChannelView objectness, int anchor, int rows)
    {
        float factor = objectness.Channels == 0 ? 1f : Probability(objectness[0, anchor]);
        for (int row = 0; row < rows; row++) { _scores[row] = factor * Probability(scores[row, anchor]); }
    }

    private void AddBest(in BoxReader reader, int anchor, int first, DecodeSettings settings, Candidates into)
    {
        int best = -1;
        for (int row = 0; row < settings.ClassOfRow.Length; row++)
        {
            float score = _scores[row];
            if (score <= settings.LeastThreshold) { continue; }
            if (!float.IsFinite(score)) { into.NonFinite++; }
            // Strictly greater: among equals the first row, so the lowest class, stays.
            else if (best < 0 || score > _scores[best]) { best = row; }
        }
        if (best < 0) { return; }
        int classId = settings.ClassOfRow[best];
        if (classId >= 0 && _scores[best] > settings.Thresholds[classId]) { reader.Add(anchor, _scores[best], classId, first, into); }
    }

    private void AddEvery(in BoxReader reader, int anchor, int first, DecodeSettings settings, Candidates into)
    {
        int classes = settings.Thresholds.Length;
        if (_bestOfClass.Length < classes) { _bestOfClass = new float[classes]; }
        Array.Clear(_bestOfClass, 0, classes);
        for (int row = 0; row < settings.ClassOfRow.Length; row++)
        {
            (float score, int classId) = (_scores[row], settings.ClassOfRow[row]);
            if (classId < 0 || score <= settings.Thresholds[classId]) { continue; }
            if (!float.IsFinite(score)) { into.NonFinite++; }
            else { _bestOfClass[classId] = Math.Max(_bestOfClass[classId], score); }
        }
        for (int classId = 0; classId < classes; classId++)
        {
            if (_bestOfClass[classId] > 0) { reader.Add(anchor, _bestOfClass[classId], classId, first, into); }
        }
    }

    private float Probability(float value) => layout.Logits ? 1f / (1f + MathF.Exp(-value)) : value;

    private static float Logit(float probability) => probability >= 1f ? float.MaxValue : MathF.Log(probability / (1f - probability));
}
