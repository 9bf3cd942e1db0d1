using System.Buffers.Binary;
using System.Diagnostics;

namespace OpenVocab.TestKit;

/// <summary>Videos made by ffmpeg: 50 frames of 160 × 120, ten a second unless told otherwise.</summary>
public static class TestVideos
{
    /// <summary>True where ffmpeg is installed.</summary>
    public static bool CanMake => Find("ffmpeg") && Find("ffprobe");

    /// <summary>Makes a test picture that moves.</summary>
    /// <param name="path">Its extension decides the container.</param>
    /// <param name="input">What stands before the output on the command line; null: 50 moving frames.</param>
    /// <param name="output">Options of the output.</param>
    public static string Make(string path, string[]? input = null, params string[] output)
    {
        Run("ffmpeg", ["-v", "error", "-y", .. input ?? ["-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=5"], .. output, path]);
        return path;
    }

    /// <summary>Turns an mp4 by a quarter, as a phone does that was held upright: in the matrix of its track header (ISO/IEC 14496-12, 8.3.2).</summary>
    public static string TurnOnItsSide(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int matrix = bytes.AsSpan().IndexOf("tkhd"u8) + 4 + 40;
        int[] quarter = [0, 0x10000, 0, -0x10000, 0, 0, 120 << 16, 0, 0x40000000];
        for (int i = 0; i < quarter.Length; i++) { BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(matrix + 4 * i), quarter[i]); }
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>One value of ffprobe's.</summary>
    public static string Probe(string path, string entries, params string[] options) =>
        Run("ffprobe", ["-v", "error", .. options, "-show_entries", entries, "-of", "csv=p=0", path]).Trim();

    /// <summary>The times of all video packets, in seconds, in the order in which they are shown.</summary>
    public static IReadOnlyList<double> Times(string path) =>
    [
        .. Probe(path, "packet=pts_time", "-select_streams", "v:0").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.Trim().TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture)).Order(),
    ];

    private static string Run(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    private static bool Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
