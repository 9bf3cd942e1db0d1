using OpenVocab.Models.Catalog;

namespace OpenVocab.Cli.Terminal;

/// <summary>Shows under which licences models are given away, and takes a yes for all that were shown.</summary>
internal static class LicenseQuestion
{
    /// <summary>Shows all; returns if they are accepted.</summary>
    /// <param name="entries">Whose files are wanted.</param>
    /// <param name="accepted">Already said on the command line.</param>
    /// <param name="error">Where it is shown.</param>
    /// <param name="readAnswer">Null: nobody can be asked.</param>
    /// <param name="cancellation">Ends the waiting for an answer.</param>
    /// <exception cref="ModelException">They are not accepted.</exception>
    internal static async Task AskAsync(IReadOnlyList<CatalogEntry> entries, bool accepted, TextWriter error, Func<string?>? readAnswer, CancellationToken cancellation)
    {
        foreach (CatalogEntry entry in entries) { await error.WriteLineAsync($"{entry.Name} ({entry.Title}) has the licence {entry.License.Name}: {entry.License.Address}"); }
        if (accepted || await IsYesAsync(error, readAnswer, entries.Count, cancellation)) { return; }
        throw new ModelException(
            $"The {(entries.Count == 1 ? "licence" : "licences")} of {string.Join(" and ", entries.Select(entry => entry.Name))} must be accepted before anything is fetched.",
            "Read what is shown above, and add --accept-license if you accept it.");
    }

    private static async Task<bool> IsYesAsync(TextWriter error, Func<string?>? readAnswer, int licenses, CancellationToken cancellation)
    {
        if (readAnswer is null) { return false; }
        await error.WriteAsync($"Do you accept {(licenses == 1 ? "it" : "them")}? [y/N] ");
        // A terminal's line cannot be cancelled, but nobody need wait for it after Ctrl-C.
        string? answer = await Task.Run(readAnswer, CancellationToken.None).WaitAsync(cancellation);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
