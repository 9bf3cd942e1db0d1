namespace OpenVocab.Evaluation;

/// <summary>
/// Matches the detections of one class with its labels, picture by picture, for ten overlaps and four ranges of area, and sums them up: pycocotools' <c>evaluateImg</c> and
/// <c>accumulate</c>.
/// </summary>
/// <remarks>Holds scratch memory; one thread at a time.</remarks>
internal sealed class ClassMatcher
{
    internal const int Overlaps = 10, Levels = 101;

    private const int Ranges = 4, Settings = Ranges * Overlaps, At50 = 0, At75 = 5, All = 0, Small = 1, Medium = 2, Large = 3;
    /// <summary>numpy.spacing(1): keeps the reference from dividing by zero.</summary>
    private const double NumpySpacing = 2.220446049250313e-16;

    private const byte False = 0, True = 1, Neither = 2;

    // numpy's linspace, to the bit: k/100 and 0.9 would give other curves where a recall or an overlap falls on them exactly.
    private static readonly double[] s_levels = [.. Enumerable.Range(0, Levels).Select(k => k * 0.01)];
    private static readonly double[] s_overlaps = [.. Enumerable.Range(0, Overlaps).Select(k => 0.5 + k * ((0.95 - 0.5) / 9))];
    private static readonly (double Least, double Most)[] s_areas = [(0, 1e10), (0, 1024), (1024, 9216), (9216, 1e10)];

    private double[] _iou = [];
    private int[] _order = [];
    private bool[] _ignored = [];
    private bool[] _taken = [];
    private byte[] _outcomes = [];
    private double[] _precision = [], _recall = [];
    private readonly List<(double Score, int Rank)> _kept = [];

    /// <summary>Evaluates one class.</summary>
    /// <param name="groups">All boxes.</param>
    /// <param name="classId">Which class.</param>
    /// <param name="most">How many detections of a picture are looked at, best first.</param>
    /// <param name="notExhaustive">Pictures in which an unmatched detection is no mistake, because not all objects of the class are labelled; null: none.</param>
    internal ClassEvaluation Run(BoxGroups groups, int classId, int most, IReadOnlySet<int>? notExhaustive)
    {
        ReadOnlySpan<LabelledBox> labels = groups.LabelsOf(classId);
        ReadOnlySpan<ScoredBox> detections = groups.DetectionsOf(classId);
        int boxes = 0;
        foreach (ref readonly LabelledBox label in labels) { boxes += (label.Kinds & (LabelKinds.Crowd | LabelKinds.Ignored)) == 0 ? 1 : 0; }
        _kept.Clear();
        Reserve(ref _outcomes, checked(detections.Length * Settings));
        for (int d = 0, l = 0; d < detections.Length;)
        {
            int image = detections[d].Image, found = CountOf(image, detections[d..]), start = d;
            while (l < labels.Length && labels[l].Image < image) { l++; }
            int labelled = CountOf(image, labels[l..]);
            d += found;
            MatchPicture(labels.Slice(l, labelled), detections.Slice(start, Math.Min(found, most)), notExhaustive?.Contains(image) == true);
        }
        return Summarize(labels, boxes);
    }

    private static int CountOf(int image, ReadOnlySpan<ScoredBox> boxes)
    {
        int count = 0;
        while (count < boxes.Length && boxes[count].Image == image) { count++; }
        return count;
    }

    private static int CountOf(int image, ReadOnlySpan<LabelledBox> boxes)
    {
        int count = 0;
        while (count < boxes.Length && boxes[count].Image == image) { count++; }
        return count;
    }

    private void MatchPicture(ReadOnlySpan<LabelledBox> labels, ReadOnlySpan<ScoredBox> detections, bool forgiving)
    {
        int first = _kept.Count;
        for (int d = 0; d < detections.Length; d++) { _kept.Add((detections[d].Score, d)); }
        Reserve(ref _iou, labels.Length * detections.Length);
        Reserve(ref _order, labels.Length);
        Reserve(ref _ignored, labels.Length);
        Reserve(ref _taken, labels.Length);
        for (int d = 0; d < detections.Length; d++)
        {
            for (int l = 0; l < labels.Length; l++) { _iou[d * labels.Length + l] = Overlap(detections[d], labels[l]); }
        }
        for (int range = 0; range < Ranges; range++)
        {
            (double least, double most) = s_areas[range];
            int counting = SortIgnoredLast(labels, least, most);
            for (int overlap = 0; overlap < Overlaps; overlap++)
            {
                _taken.AsSpan(0, labels.Length).Clear();
                for (int d = 0; d < detections.Length; d++)
                {
                    int match = Match(_iou.AsSpan(d * labels.Length, labels.Length), labels, counting, s_overlaps[overlap]);
                    double area = detections[d].Width * detections[d].Height;
                    byte outcome = match < 0
                        ? forgiving || area < least || area > most ? Neither : False
                        : _ignored[match] ? Neither
                        : (labels[match].Kinds & LabelKinds.Uncredited) == 0 ? True
                        : area < least || area > most ? Neither : False;
                    _outcomes[(first + d) * Settings + range * Overlaps + overlap] = outcome;
                }
            }
        }
    }

    // Of equal overlaps the later label wins, and an overlap that equals the threshold is a hit: as the reference has it.
    private int Match(ReadOnlySpan<double> iou, ReadOnlySpan<LabelledBox> labels, int counting, double threshold)
    {
        double best = Math.Min(threshold, 1 - 1e-10);
        int match = -1;
        for (int i = 0; i < iou.Length; i++)
        {
            if (i == counting && match >= 0) { break; }
            int label = _order[i];
            if (iou[label] < best || _taken[label]) { continue; }
            (best, match) = (iou[label], label);
        }
        // A crowd may be taken any number of times.
        if (match >= 0 && (labels[match].Kinds & LabelKinds.Crowd) == 0) { _taken[match] = true; }
        return match;
    }

    /// <summary>Orders the labels: those that count in this range of area first.</summary>
    /// <returns>How many count.</returns>
    private int SortIgnoredLast(ReadOnlySpan<LabelledBox> labels, double least, double most)
    {
        int counting = 0;
        for (int l = 0; l < labels.Length; l++)
        {
            _ignored[l] = IsIgnored(labels[l], least, most);
            if (!_ignored[l]) { _order[counting++] = l; }
        }
        int at = counting;
        for (int l = 0; l < labels.Length; l++)
        {
            if (_ignored[l]) { _order[at++] = l; }
        }
        return counting;
    }

    private static bool IsIgnored(in LabelledBox label, double least, double most) =>
        (label.Kinds & (LabelKinds.Crowd | LabelKinds.Ignored)) != 0 || label.Area < least || label.Area > most;

    // maskApi's bbIou, without rounding or an extra pixel; inside a crowd only the detection's own area counts.
    internal static double Overlap(in ScoredBox found, in LabelledBox label)
    {
        double width = Math.Min(found.X + found.Width, label.X + label.Width) - Math.Max(found.X, label.X);
        if (width <= 0) { return 0; }
        double height = Math.Min(found.Y + found.Height, label.Y + label.Height) - Math.Max(found.Y, label.Y);
        if (height <= 0) { return 0; }
        double shared = width * height, area = found.Width * found.Height;
        double union = (label.Kinds & LabelKinds.Crowd) != 0 ? area : area + label.Width * label.Height - shared;
        return shared / union;
    }

    private ClassEvaluation Summarize(ReadOnlySpan<LabelledBox> labels, int boxes)
    {
        int count = _kept.Count;
        // Stable: _kept has the pictures in order and the best of each first.
        int[] byScore = [.. Enumerable.Range(0, count).OrderByDescending(i => _kept[i].Score)];
        Reserve(ref _precision, count);
        Reserve(ref _recall, count);
        Span<double> ap = stackalloc double[Settings], ar = stackalloc double[Settings];
        double[] curve = [];
        double recall1 = 0, recall10 = 0;
        OperatingPoint? best = null;
        for (int range = 0; range < Ranges; range++)
        {
            int positives = 0;
            foreach (ref readonly LabelledBox label in labels) { positives += IsIgnored(label, s_areas[range].Least, s_areas[range].Most) ? 0 : 1; }
            for (int overlap = 0; overlap < Overlaps; overlap++)
            {
                int setting = range * Overlaps + overlap;
                if (positives == 0)
                {
                    (ap[setting], ar[setting]) = (Accuracy.Nothing, Accuracy.Nothing);
                    continue;
                }
                double[] levels = new double[Levels];
                ar[setting] = Trace(byScore, setting, positives, levels);
                ap[setting] = levels.Average();
                if (range != All) { continue; }
                if (overlap == At50) { (curve, best) = (levels, BestPoint(byScore, positives)); }
                recall1 += RecallOfBest(1, setting, positives) / Overlaps;
                recall10 += RecallOfBest(10, setting, positives) / Overlaps;
            }
        }
        bool any = curve.Length > 0;
        Accuracy accuracy = new()
        {
            AP = Mean(ap, All), AP50 = ap[At50], AP75 = ap[At75], APSmall = Mean(ap, Small), APMedium = Mean(ap, Medium), APLarge = Mean(ap, Large),
            AR1 = any ? recall1 : Accuracy.Nothing, AR10 = any ? recall10 : Accuracy.Nothing,
            AR100 = Mean(ar, All), ARSmall = Mean(ar, Small), ARMedium = Mean(ar, Medium), ARLarge = Mean(ar, Large),
        };
        return new(boxes, accuracy, curve, best);
    }

    private static double Mean(ReadOnlySpan<double> settings, int range)
    {
        double sum = 0;
        foreach (double value in settings.Slice(range * Overlaps, Overlaps)) { sum += value; }
        return sum / Overlaps;
    }

    /// <summary>Precision at each level of recall.</summary>
    /// <returns>The recall of all detections together.</returns>
    private double Trace(int[] byScore, int setting, int positives, Span<double> levels)
    {
        int right = 0, wrong = 0;
        for (int k = 0; k < byScore.Length; k++)
        {
            byte outcome = _outcomes[byScore[k] * Settings + setting];
            right += outcome == True ? 1 : 0;
            wrong += outcome == False ? 1 : 0;
            _recall[k] = (double)right / positives;
            _precision[k] = right / (wrong + right + NumpySpacing);
        }
        for (int k = byScore.Length - 1; k > 0; k--) { _precision[k - 1] = Math.Max(_precision[k - 1], _precision[k]); }
        int at = 0;
        for (int level = 0; level < Levels; level++)
        {
            while (at < byScore.Length && _recall[at] < s_levels[level]) { at++; }
            levels[level] = at < byScore.Length ? _precision[at] : 0;
        }
        return byScore.Length > 0 ? _recall[byScore.Length - 1] : 0;
    }

    private double RecallOfBest(int most, int setting, int positives)
    {
        int right = 0;
        for (int i = 0; i < _kept.Count; i++) { right += _kept[i].Rank < most && _outcomes[i * Settings + setting] == True ? 1 : 0; }
        return (double)right / positives;
    }

    /// <summary>The threshold with the largest F1, at an overlap of 0.50: halfway to the next score below, so that scores which differ a little elsewhere fall on the same side.</summary>
    private OperatingPoint? BestPoint(int[] byScore, int positives)
    {
        int right = 0, wrong = 0;
        OperatingPoint? best = null;
        for (int k = 0; k < byScore.Length; k++)
        {
            byte outcome = _outcomes[byScore[k] * Settings + At50];
            right += outcome == True ? 1 : 0;
            wrong += outcome == False ? 1 : 0;
            double score = _kept[byScore[k]].Score, next = k + 1 < byScore.Length ? _kept[byScore[k + 1]].Score : 0;
            // Between equal scores there is no threshold.
            if (right == 0 || next == score) { continue; }
            OperatingPoint point = new((score + next) / 2, (double)right / (right + wrong), (double)right / positives);
            if (best is null || point.F1 > best.F1) { best = point; }
        }
        return best;
    }

    private static void Reserve<T>(ref T[] memory, int length)
    {
        if (memory.Length < length) { memory = new T[Math.Max(length, 2 * memory.Length)]; }
    }
}
