using System.Text;

namespace OpenVocab.Sinks;

/// <summary>
/// Names of output files: the stem of the source, a number behind it where two sources have the same stem, and never the name of an input.
/// </summary>
internal sealed class OutputNames
{
    private const int LongestName = 180;

    private readonly HashSet<string> _taken = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>A path in a folder that was not given before and is not the source itself.</summary>
    internal string Choose(string folder, string source, string extension)
    {
        string stem = SafeName(Path.GetFileNameWithoutExtension(source)), input = Path.GetFullPath(source);
        for (int number = 1; ; number++)
        {
            string path = Path.Combine(folder, number == 1 ? stem + extension : Invariant($"{stem}-{number}{extension}"));
            if (Path.GetFullPath(path) != input && _taken.Add(path)) { return path; }
        }
    }

    /// <summary>A text as one part of a path: class names and camera names may hold slashes and dots.</summary>
    internal static string SafeName(string text)
    {
        char[] letters = [.. text.Select(letter => letter is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(letter) ? '_' : letter)];
        string name = new string(letters).Trim();
        // A name has 255 bytes, and ours grow: a number, an extension, and what the temporary file is called.
        while (Encoding.UTF8.GetByteCount(name) > LongestName) { name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)]; }
        return name.Length == 0 || name.All(letter => letter == '.') ? "_" + name : name;
    }
}
