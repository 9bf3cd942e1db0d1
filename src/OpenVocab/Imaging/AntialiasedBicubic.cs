using OpenCvSharp;

namespace OpenVocab.Imaging;

/// <summary>
/// Resizes pictures exactly as the Python Imaging Library does (Pillow, <c>Resample.c</c>, BICUBIC): CLIP was trained on such pictures, and OpenCV's bicubic has another kernel and no
/// antialiasing (up to 98 grey levels apart). First along rows, then along columns of the rounded result; weights in fixed point.
/// </summary>
internal static class AntialiasedBicubic
{
    private const int Channels = 3, PrecisionBits = 32 - 8 - 2;
    private const double Support = 2, Sharpness = -0.5;

    /// <summary>Resizes, and cuts a rectangle out of the result; what lies outside of it is never computed.</summary>
    /// <param name="source">BGR or another three channels, row after row.</param>
    /// <param name="size">Of the source.</param>
    /// <param name="resized">What the whole picture would become.</param>
    /// <param name="cut">Inside of that.</param>
    /// <returns>The pixels of <paramref name="cut"/>, row after row.</returns>
    internal static byte[] Resize(ReadOnlySpan<byte> source, Size size, Size resized, Rect cut)
    {
        Window[] columns = Weights(size.Width, resized.Width, cut.X, cut.Width), rows = Weights(size.Height, resized.Height, cut.Y, cut.Height);
        return AlongColumns(AlongRows(source, size, columns), cut.Width * Channels, rows);
    }

    private readonly record struct Window(int First, int[] Weights);

    private static byte[] AlongRows(ReadOnlySpan<byte> source, Size size, Window[] windows)
    {
        byte[] target = new byte[size.Height * windows.Length * Channels];
        int row = size.Width * Channels, at = 0;
        for (int y = 0; y < size.Height; y++)
        {
            ReadOnlySpan<byte> from = source.Slice(y * row, row);
            foreach (Window window in windows)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    int sum = 1 << (PrecisionBits - 1), x = window.First * Channels + channel;
                    foreach (int weight in window.Weights)
                    {
                        sum += from[x] * weight;
                        x += Channels;
                    }
                    target[at++] = Clip(sum);
                }
            }
        }
        return target;
    }

    private static byte[] AlongColumns(byte[] source, int row, Window[] windows)
    {
        byte[] target = new byte[windows.Length * row];
        int[] sums = new int[row];
        for (int y = 0; y < windows.Length; y++)
        {
            Array.Fill(sums, 1 << (PrecisionBits - 1));
            for (int i = 0; i < windows[y].Weights.Length; i++)
            {
                int weight = windows[y].Weights[i];
                ReadOnlySpan<byte> from = source.AsSpan((windows[y].First + i) * row, row);
                for (int x = 0; x < row; x++) { sums[x] += from[x] * weight; }
            }
            for (int x = 0; x < row; x++) { target[y * row + x] = Clip(sums[x]); }
        }
        return target;
    }

    private static Window[] Weights(int length, int newLength, int begin, int count)
    {
        // Pillow leaves such a pass out.
        if (length == newLength) { return [.. Enumerable.Range(begin, count).Select(i => new Window(i, [1 << PrecisionBits]))]; }
        double scale = (double)length / newLength, stretch = Math.Max(scale, 1), reach = Support * stretch;
        Window[] windows = new Window[count];
        for (int i = 0; i < count; i++)
        {
            double centre = (begin + i + 0.5) * scale;
            int first = Math.Max(0, (int)(centre - reach + 0.5)), end = Math.Min(length, (int)(centre + reach + 0.5));
            double[] weights = new double[end - first];
            double sum = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                weights[j] = Kernel((j + first - centre + 0.5) / stretch);
                sum += weights[j];
            }
            windows[i] = new(first, Array.ConvertAll(weights, weight => ToFixed(weight / sum)));
        }
        return windows;
    }

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        return x < 1 ? ((Sharpness + 2) * x - (Sharpness + 3)) * x * x + 1 : x < Support ? (((x - 5) * x + 8) * x - 4) * Sharpness : 0;
    }

    private static int ToFixed(double weight) => (int)(weight * (1 << PrecisionBits) + (weight < 0 ? -0.5 : 0.5));

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
}
