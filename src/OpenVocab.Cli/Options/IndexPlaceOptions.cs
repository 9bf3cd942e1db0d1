using System.CommandLine;
using OpenVocab.Search;

namespace OpenVocab.Cli.Options;

/// <summary>Where an index lies: a file, or a database.</summary>
internal sealed class IndexPlaceOptions(string file, params string[] aliases)
{
    internal Option<string?> File { get; } = new(file, aliases) { Description = "File of the index.", HelpName = "FILE" };

    internal Option<string?> Store { get; } = new("--store")
    {
        Description = "Instead of a file, a PostgreSQL database with pgvector: postgres://USER@HOST/DATABASE#NAME. The list of processes is for everybody to read: put the password into ~/.pgpass or PGPASSWORD.",
        HelpName = "ADDRESS",
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(File);
        command.Options.Add(Store);
        command.Validators.Add(result =>
        {
            if (result.GetResult(File) is null == result.GetResult(Store) is null) { result.AddError($"Say where the index lies: either {File.Name} FILE or --store ADDRESS."); }
        });
    }

    internal string Read(ParseResult parsed) => parsed.GetValue(Store) is { } address
        ? DatabaseAddress.Is(address) ? address : throw new ArgumentException("--store is no address of a PostgreSQL database; it begins with postgres://.")
        : parsed.GetValue(File)!;
}
