using System.Runtime.InteropServices;

namespace OpenVocab.Cli.Terminal;

/// <summary>
/// Keeps OpenCV and the decoders inside of it from writing to our standard error: what they complain of is told in our own words. They read the
/// environment of the process when they load; .NET's own variables do not reach them on Linux.
/// </summary>
internal static partial class NativeNoise
{
    /// <summary>Has an effect only before OpenCV is first used.</summary>
    internal static void Silence()
    {
        if (!OperatingSystem.IsLinux()) { return; }
        _ = SetVariable("OPENCV_LOG_LEVEL", "SILENT", overwrite: 0);
        _ = SetVariable("OPENCV_FFMPEG_LOGLEVEL", "-8", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
