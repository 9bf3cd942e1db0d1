using System.Text.RegularExpressions;

namespace OpenVocab.Media;

/// <summary>The two programs of ffmpeg on this machine: found once, started only through <see cref="FfmpegProcess"/>.</summary>
internal static partial class Ffmpeg
{
    internal const string InstallHint = "Install ffmpeg (Debian, Ubuntu: sudo apt-get install ffmpeg).";

    /// <summary>
    /// Before <c>-i</c> of every file that may come from somebody else: a playlist named .mp4 must not open other files
    /// (measured: ffmpeg 5.1 plays an HLS playlist under any name).
    /// </summary>
    internal static IReadOnlyList<string> FileInputLimits { get; } =
    [
        "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,flv,asf,mpeg,ogg,gif",
        "-protocol_whitelist", "file,pipe",
    ];

    /// <summary>Full path of <c>ffmpeg</c>, or null where there is none on the PATH.</summary>
    internal static string? EncoderPath => Find("ffmpeg");

    /// <summary>Full path of <c>ffprobe</c>, or null where there is none on the PATH.</summary>
    internal static string? ProbePath => Find("ffprobe");

    /// <summary>
    /// Full path of <c>setsid</c> on Linux, or null. Ctrl-C in a terminal reaches every process of the group: ffmpeg would end by itself, and with it the file
    /// that we are about to finish. In a session of its own it hears of it only from us.
    /// </summary>
    internal static string? SessionPath => OperatingSystem.IsLinux() ? Find("setsid") : null;

    /// <summary>Both programs are there.</summary>
    internal static bool IsInstalled => EncoderPath is not null && ProbePath is not null;

    /// <summary>A path as ffmpeg must be given it, so that no name is taken for an option or a protocol.</summary>
    internal static string FileArgument(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>ffmpeg prints addresses with their passwords in nearly every complaint; what stands behind a question mark may be a key as well.</summary>
    internal static string Redact(string line) => Query().Replace(Credentials().Replace(line, "://***@"), "$1?***");

    /// <summary>The first complaint of the program, short enough for a message.</summary>
    internal static string Explain(string errors)
    {
        string first = errors.Split('\n')[0].Trim();
        return first.Length == 0 ? "it gave no reason." : first.Length > 300 ? first[..300] + "…" : first;
    }

    // Looked up each time: it costs microseconds beside a process start, and tests change the PATH.
    private static string? Find(string program)
    {
        string file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string path = Path.Combine(folder, file);
            if (File.Exists(path)) { return path; }
        }
        return null;
    }

    [GeneratedRegex(@"://[^/@\s]*@")]
    private static partial Regex Credentials();

    [GeneratedRegex(@"(://[^\s'""?]*)\?[^\s'""]+")]
    private static partial Regex Query();
}
