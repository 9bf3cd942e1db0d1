namespace OpenVocab.Models.Quantization;

/// <summary>Ranges by each rule.</summary>
internal static class RangeFinder
{
    private const double Outside = 1 / 20_000d;
    private const int Levels = 256, Steps = 24;

    /// <param name="rule">Not <see cref="CalibrationRule.Auto"/>.</param>
    /// <param name="seen">After both passes.</param>
    /// <param name="activation">What bends the value next; null: nothing.</param>
    internal static ValueRange Find(CalibrationRule rule, ActivationHistogram seen, Func<float, float>? activation) => rule switch
    {
        CalibrationRule.Percentile => Percentile(seen),
        CalibrationRule.Entropy => Entropy(seen),
        CalibrationRule.SquaredError => SquaredError(seen, activation),
        _ => ValueRange.Of(seen.Least, seen.Most),
    };

    private static ValueRange Percentile(ActivationHistogram seen)
    {
        ReadOnlySpan<long> counts = seen.Counts;
        double allowed = Outside * Sum(counts);
        int first = 0, last = counts.Length - 1;
        for (double below = counts[first]; below <= allowed && first < last; below += counts[++first]) { }
        for (double above = counts[last]; above <= allowed && last > first; above += counts[--last]) { }
        return ValueRange.Of(seen.Least + first * seen.Width, seen.Least + (last + 1) * seen.Width);
    }

    // Narrower and narrower ranges that keep their place around the most frequent numbers: what lies outside counts as the outermost number inside, and a level's count is spread over its bins.
    private static ValueRange Entropy(ActivationHistogram seen)
    {
        ReadOnlySpan<long> counts = seen.Counts;
        (ValueRange best, double least) = (ValueRange.Of(seen.Least, seen.Most), double.MaxValue);
        foreach ((int first, int last) in Candidates(seen))
        {
            double difference = Divergence(counts, first, last);
            if (difference < least) { (best, least) = (ValueRange.Of(seen.Least + first * seen.Width, seen.Least + (last + 1) * seen.Width), difference); }
        }
        return best;
    }

    private static ValueRange SquaredError(ActivationHistogram seen, Func<float, float>? activation)
    {
        activation ??= x => x;
        (float Value, float Behind, long Count)[] bins = [.. Enumerable.Range(0, ActivationHistogram.Bins).Where(bin => seen.Counts[bin] > 0).Select(bin => (seen.Centre(bin), activation(seen.Centre(bin)), seen.Counts[bin]))];
        (ValueRange best, double least) = (ValueRange.Of(seen.Least, seen.Most), double.MaxValue);
        foreach ((int first, int last) in Candidates(seen))
        {
            ValueRange range = ValueRange.Of(seen.Least + first * seen.Width, seen.Least + (last + 1) * seen.Width);
            double error = 0;
            foreach ((float value, float behind, long count) in bins)
            {
                double off = activation(range.Round(value)) - behind;
                error += off * off * count;
                if (error >= least) { break; }
            }
            if (error < least) { (best, least) = (range, error); }
        }
        return best;
    }

    // First and last bin: each side cut in steps between its end and zero.
    private static IEnumerable<(int First, int Last)> Candidates(ActivationHistogram seen)
    {
        if (seen.Width <= 0) { yield break; }
        int zero = Math.Clamp((int)(-seen.Least / seen.Width), 0, ActivationHistogram.Bins - 1);
        for (int below = 0; below < Steps; below++)
        {
            int first = zero * below / Steps;
            if (below > 0 && first == 0) { continue; }
            for (int above = 0; above < Steps; above++)
            {
                int last = ActivationHistogram.Bins - 1 - (ActivationHistogram.Bins - 1 - zero) * above / Steps;
                if (last - first >= Levels / 2) { yield return (first, last); }
                if (zero >= ActivationHistogram.Bins - Steps) { break; }
            }
        }
    }

    private static double Divergence(ReadOnlySpan<long> counts, int first, int last)
    {
        int length = last - first + 1;
        double[] real = new double[length], rounded = new double[length];
        for (int i = 0; i < length; i++) { real[i] = counts[first + i]; }
        for (int i = 0; i < counts.Length; i++)
        {
            if (i < first) { real[0] += counts[i]; }
            else if (i > last) { real[^1] += counts[i]; }
        }
        for (int level = 0; level < Levels; level++)
        {
            int from = (int)((long)length * level / Levels), to = (int)((long)length * (level + 1) / Levels), filled = 0;
            double sum = 0;
            for (int i = from; i < to; i++)
            {
                sum += counts[first + i];
                if (real[i] > 0) { filled++; }
            }
            for (int i = from; i < to && filled > 0; i++) { rounded[i] = real[i] > 0 ? sum / filled : 0; }
        }
        double all = Sum(counts), kept = rounded.Sum(), difference = 0;
        if (kept <= 0) { return double.MaxValue; }
        for (int i = 0; i < length; i++)
        {
            // A number that is there and that no level stands for costs as if it were one of a million.
            if (real[i] > 0) { difference += real[i] / all * Math.Log(real[i] / all / Math.Max(rounded[i] / kept, 1e-6 / all)); }
        }
        return difference;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts) { sum += count; }
        return sum;
    }
}
