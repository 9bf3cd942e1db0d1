using System.Globalization;
using System.Text;

namespace OpenVocab.Evaluation;

/// <summary>Files of a data set, which may come from anybody: sizes are bounded before memory is asked for, and names are looked at before they become paths.</summary>
internal static class DataFile
{
    /// <summary>No box or picture of a data set lies beyond.</summary>
    internal const double LargestCoordinate = 1_000_000;

    private const int LongestQuote = 60;

    private static readonly EnumerationOptions s_visible = new() { IgnoreInaccessible = false };

    /// <summary>Reads a file without which there is no data set.</summary>
    /// <exception cref="SourceException">It is missing, too large or not readable.</exception>
    internal static string ReadText(string path, long most)
    {
        if (TryRead(path, most, out byte[] bytes, out string why)) { return Text(bytes); }
        SourceFault fault = !File.Exists(path) ? SourceFault.NotFound : new FileInfo(path).Length > most ? SourceFault.TooLarge : SourceFault.NotReadable;
        throw new SourceException(fault, $"{path}: {why}.", "Check the path, and that it is a file of labelled data.");
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="most">The most bytes.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="why">Why it cannot be read: a clause for a sentence.</param>
    internal static bool TryRead(string path, long most, out byte[] bytes, out string why)
    {
        (bytes, why) = ([], "");
        try
        {
            if (!File.Exists(path))
            {
                why = "there is no such file";
                return false;
            }
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            // One byte more than it should have: a device, or a file that grows, does not end where it says.
            byte[] read = new byte[Math.Min(file.Length, most) + 1];
            int length = file.ReadAtLeast(read, read.Length, throwOnEndOfStream: false);
            if (length == read.Length)
            {
                why = $"the file has more than {length - 1} bytes; at most {most} are read";
                return false;
            }
            bytes = read[..length];
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            why = $"the file cannot be read ({fault.Message.TrimEnd('.')})";
            return false;
        }
    }

    /// <summary>UTF-8, or what a byte order mark says.</summary>
    internal static string Text(byte[] bytes)
    {
        using StreamReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The lines of a text; those of any system.</summary>
    internal static IEnumerable<string> Lines(string text)
    {
        StringReader reader = new(text);
        while (reader.ReadLine() is { } line) { yield return line; }
    }

    /// <summary>The path that a file of the set names, or null where no file can be called so.</summary>
    internal static string? Resolve(string folder, string name) => name.Contains('\0') || name.Length > 4096 ? null : Path.GetFullPath(Path.Combine(folder, name));

    /// <summary>What messages and ids call a path: the part below the set's folder, with <c>/</c> between its parts; whole where it lies elsewhere.</summary>
    internal static string Shown(string root, string path)
    {
        string below = Path.GetRelativePath(root, path).Replace('\\', '/');
        return below.StartsWith("../", StringComparison.Ordinal) ? path.Replace('\\', '/') : below;
    }

    /// <summary>A value of a file for a message: in quotes, cut, without what a terminal would obey.</summary>
    internal static string Quote(string value)
    {
        string cut = value.Length <= LongestQuote ? value : string.Concat(value.AsSpan(0, LongestQuote), "…");
        return $"\"{string.Concat(cut.Select(letter => char.IsControl(letter) ? '?' : letter))}\"";
    }

    /// <summary>Takes finite numbers only, with a point.</summary>
    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>The files of a folder with one ending, in any case of its letters, sorted by name; none where there is no such folder.</summary>
    internal static string[] In(string folder, string ending) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, "*", s_visible).Where(path => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}
