using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OpenVocab.Cli.Doctor;

/// <summary>The native libraries that the program needs, and the Debian packages of what they need in turn.</summary>
internal static partial class NativeLibraries
{
    internal const string InstallAll = "sudo apt-get install --no-install-recommends libgtk-3-0 libatomic1 libdrm2 ffmpeg fonts-dejavu-core";

    private static readonly (string Library, string Package)[] s_packages =
    [
        ("libgtk-3", "libgtk-3-0"), ("libgdk-3", "libgtk-3-0"), ("libatomic", "libatomic1"), ("libdrm", "libdrm2"), ("libX11", "libx11-6"),
        ("libcairo-gobject", "libcairo-gobject2"), ("libcairo", "libcairo2"), ("libgdk_pixbuf", "libgdk-pixbuf-2.0-0"), ("libglib", "libglib2.0-0"),
        ("libgobject", "libglib2.0-0"), ("libgio", "libglib2.0-0"), ("libgthread", "libglib2.0-0"), ("libpangocairo", "libpangocairo-1.0-0"),
        ("libpango", "libpango-1.0-0"), ("libatk", "libatk1.0-0"), ("libharfbuzz", "libharfbuzz0b"), ("libfreetype", "libfreetype6"),
        ("libstdc++", "libstdc++6"), ("libgcc_s", "libgcc-s1"), ("libicu", "libicu72 (Debian 12), libicu74 (Ubuntu 24.04)"),
    ];

    /// <summary>The words for a failure to load one of them, or null if it is another failure.</summary>
    internal static (string Text, string Remedy)? Explain(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is DllNotFoundException or BadImageFormatException) { return Describe(cause.Message); }
        }
        return null;
    }

    /// <summary>Loads a library for real.</summary>
    /// <returns>Null if it loads, otherwise what is wrong.</returns>
    internal static (string Text, string Remedy)? TryLoad(string name)
    {
        try
        {
            NativeLibrary.Load(name, typeof(NativeLibraries).Assembly, DllImportSearchPath.AssemblyDirectory);
            return null;
        }
        catch (Exception fault) when (fault is DllNotFoundException or BadImageFormatException)
        {
            return Describe(fault.Message);
        }
    }

    /// <summary>What to do about a program that the loader complains of, or null if it complains of something else.</summary>
    internal static string? RemedyFor(string complaint) => MissingFile().IsMatch(complaint) ? Describe(complaint).Remedy : null;

    private static (string Text, string Remedy) Describe(string message)
    {
        string? missing = MissingFile().Matches(message).Select(match => match.Groups[1].Value)
            .FirstOrDefault(file => !file.Contains("OpenCvSharpExtern", StringComparison.Ordinal) && !file.Contains("onnxruntime", StringComparison.Ordinal) && !file.Contains("libSkiaSharp", StringComparison.Ordinal));
        if (missing is null)
        {
            string first = message.ReplaceLineEndings("\n").Split('\n')[0];
            return ($"A native library cannot be loaded: {first}", $"Install what it needs: {InstallAll}");
        }
        string? package = s_packages.FirstOrDefault(known => missing.StartsWith(known.Library, StringComparison.Ordinal)).Package;
        return ($"The native library {missing} is missing.", package is null
            ? $"Install the package that has it; all that is usually needed: {InstallAll}"
            : $"Install it: sudo apt-get install {package} (all that is usually needed: {InstallAll})");
    }

    // The loader's own words: "libdrm.so.2: cannot open shared object file: No such file or directory".
    [GeneratedRegex(@"([A-Za-z0-9_+.\-]+\.so[.0-9]*): cannot open shared object file")]
    private static partial Regex MissingFile();
}
