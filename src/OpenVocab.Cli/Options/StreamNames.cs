using System.Text.RegularExpressions;
using OpenVocab.Server;

namespace OpenVocab.Cli.Options;

/// <summary>Gives sources their names: <c>NAME=SOURCE</c>, or what the source suggests.</summary>
internal static partial class StreamNames
{
    private const int LongestName = 64;

    internal static IReadOnlyList<StreamDefinition> Read(IEnumerable<string> texts)
    {
        List<StreamDefinition> streams = [];
        foreach (string text in texts)
        {
            Match named = File.Exists(text) ? Match.Empty : Named().Match(text);
            string source = named.Success ? named.Groups[2].Value : text;
            string wish = named.Success ? named.Groups[1].Value : Suggest(source);
            if (named.Success && !Allowed().IsMatch(wish)) { throw new ArgumentException($"\"{wish}\" cannot name a source; a name has 1 to {LongestName} letters (A to Z, a to z), digits, - and _."); }
            string id = wish;
            for (int number = 2; streams.Exists(stream => stream.Id == id); number++)
            {
                if (named.Success) { throw new ArgumentException($"\"{wish}\" names two sources: give each a name of its own."); }
                id = $"{wish}-{number}";
            }
            streams.Add(new(id, source));
        }
        return streams;
    }

    // Only the end of a path: host names, users and passwords of an address are nobody's name.
    private static string Suggest(string source)
    {
        string bare = source.Contains("://", StringComparison.Ordinal) ? "stream" : source.All(char.IsAsciiDigit) ? "camera" + source : Path.GetFileNameWithoutExtension(source);
        string name = Foreign().Replace(bare, "-").Trim('-');
        return name.Length == 0 ? "stream" : name.Length <= LongestName - 4 ? name : name[..(LongestName - 4)];
    }

    // What stands before the first = is a name unless it is the begin of a path or an address.
    [GeneratedRegex(@"^([^=:/\\?]*)=(.+)$", RegexOptions.Singleline)]
    private static partial Regex Named();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex Allowed();

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex Foreign();
}
