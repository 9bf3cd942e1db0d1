using OpenVocab.Media;

namespace OpenVocab.Cli.Doctor;

/// <summary>Whether ffmpeg is there, and whether it can write what we ask of it.</summary>
internal static class FfmpegChecks
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    internal static IEnumerable<Check> All()
    {
        if (Ffmpeg.EncoderPath is not { } encoder || Ffmpeg.ProbePath is null)
        {
            yield return Check.Warn("ffmpeg", "not installed: videos are read by OpenCV, and written as mp4v without sound", Ffmpeg.InstallHint);
            yield break;
        }
        if (Run(encoder, out string version, "-version") is { } fault)
        {
            yield return Check.Fail("ffmpeg", $"{encoder} is there and does not start: {fault}", NativeLibraries.RemedyFor(fault) ?? Ffmpeg.InstallHint);
            yield break;
        }
        yield return Check.Ok("ffmpeg", $"{version.Split('\n')[0]} ({encoder})");
        Run(encoder, out string encoders, "-hide_banner", "-encoders");
        yield return Has(encoders, "libx264", "H.264 videos cannot be written");
        yield return Has(encoders, "aac", "sound that mp4 cannot hold is lost");
    }

    private static Check Has(string encoders, string name, string otherwise) => encoders.Contains($" {name} ", StringComparison.Ordinal)
        ? Check.Ok($"encoder {name}", "there")
        : Check.Warn($"encoder {name}", $"ffmpeg was built without it: {otherwise}", "Install the ffmpeg of your distribution, which has it.");

    // Null if it ran, otherwise its own words.
    private static string? Run(string program, out string output, params string[] arguments)
    {
        using FfmpegProcess process = FfmpegProcess.Start(program, arguments);
        process.Input.Close();
        using StreamReader reader = new(process.Output);
        output = reader.ReadToEnd();
        return process.WaitForExit(s_patience) && process.ExitCode == 0 ? null : Ffmpeg.Explain(process.LastErrors);
    }
}
