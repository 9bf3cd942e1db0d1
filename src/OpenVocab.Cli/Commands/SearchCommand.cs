using System.CommandLine;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab search</c>: one subcommand a task.</summary>
internal static class SearchCommand
{
    internal static Command Create() => new("search", "Finds pictures of a folder by words, by other pictures, and by what they should not show.")
    {
        Subcommands = { SearchIndexCommand.Create(), SearchQueryCommand.Create() },
    };
}
