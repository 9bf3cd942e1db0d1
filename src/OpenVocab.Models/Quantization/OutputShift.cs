using OpenVocab.Inference;

namespace OpenVocab.Models.Quantization;

/// <summary>How far the outputs of a network moved by quantization, over anchors that either network takes for something.</summary>
/// <param name="Anchors">How many were compared.</param>
/// <param name="MeanScore">Mean difference of the scores.</param>
/// <param name="LargestScore">Largest difference of a score.</param>
/// <param name="MeanOverlap">Mean intersection over union of the boxes.</param>
public sealed record OutputShift(int Anchors, double MeanScore, double LargestScore, double MeanOverlap)
{
    private const float Something = 0.1f;

    /// <summary>What one rule is compared with another by: moved scores and moved boxes weigh the same.</summary>
    internal double Cost => MeanScore + (1 - MeanOverlap);

    /// <summary>Runs both networks over pictures.</summary>
    internal static OutputShift Measure(DetectorModel before, DetectorModel after, IReadOnlyList<CalibrationFrame> frames, float[] text, int rows, CancellationToken cancellation)
    {
        Sums sums = new();
        InferenceSlot first = before.Rent(), second = after.Rent();
        try
        {
            foreach (CalibrationFrame frame in frames)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (InferenceSlot slot in (InferenceSlot[])[first, second])
                {
                    frame.Fill(slot.PixelsFor(frame.Width, frame.Height, 1));
                    slot.Run(text, rows);
                }
                sums.Add(first.Outputs.Tensors[0].Of(0), second.Outputs.Tensors[0].Of(0), rows);
            }
        }
        finally
        {
            before.Return(first);
            after.Return(second);
        }
        return sums.Shift;
    }

    private sealed class Sums
    {
        private int _anchors;
        private long _scores;
        private double _score, _largest, _overlap;

        internal OutputShift Shift => new(_anchors, _scores == 0 ? 0 : _score / _scores, _largest, _anchors == 0 ? 1 : _overlap / _anchors);

        // [4 + K, A]: cx, cy, w, h, then the scores.
        internal void Add(ReadOnlySpan<float> before, ReadOnlySpan<float> after, int rows)
        {
            int count = before.Length / (4 + rows);
            for (int anchor = 0; anchor < count; anchor++)
            {
                bool counts = false;
                for (int row = 0; row < rows; row++)
                {
                    float was = before[(4 + row) * count + anchor], now = after[(4 + row) * count + anchor];
                    if (Math.Max(was, now) < Something) { continue; }
                    counts = true;
                    double moved = Math.Abs(was - now);
                    (_score, _largest, _scores) = (_score + moved, Math.Max(_largest, moved), _scores + 1);
                }
                if (!counts) { continue; }
                _anchors++;
                _overlap += Overlap(BoxOf(before, anchor, count), BoxOf(after, anchor, count));
            }
        }

        // Intersection over union.
        private static double Overlap(Box a, Box b)
        {
            double shared = Math.Max(0, Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1)) * (double)Math.Max(0, Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1));
            double all = (double)a.Width * a.Height + (double)b.Width * b.Height - shared;
            return all > 0 ? shared / all : 0;
        }

        private static Box BoxOf(ReadOnlySpan<float> values, int anchor, int count)
        {
            (float x, float y, float width, float height) = (values[anchor], values[count + anchor], values[2 * count + anchor] / 2, values[3 * count + anchor] / 2);
            return new(x - width, y - height, x + width, y + height);
        }
    }
}
