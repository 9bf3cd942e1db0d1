using System.CommandLine;
using System.CommandLine.Parsing;

namespace OpenVocab.Cli.Options;

/// <summary>What begins with a dash and is no option would be taken for a source: "there is no such file --colour" helps nobody.</summary>
internal static class UnknownOptions
{
    private const int MostSlips = 2;

    internal static void Refuse(Command command, Argument<string[]> sources) => sources.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value.Length < 2 || token.Value[0] != '-' || File.Exists(token.Value)) { continue; }
            string? near = command.Options.Select(option => option.Name).Where(name => Distance(name, token.Value) <= MostSlips).MinBy(name => Distance(name, token.Value));
            result.AddError($"There is no option {token.Value}{(near is null ? "." : $"; did you mean {near}?")}");
        }
    });

    // Levenshtein: letters that are added, lost or replaced.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= other.Length; j++)
            {
                int best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], best);
            }
        }
        return row[^1];
    }
}
