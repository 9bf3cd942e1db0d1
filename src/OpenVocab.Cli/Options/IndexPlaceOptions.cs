using System.CommandLine;

namespace OpenVocab.Cli.Options;

/// <summary>Where an index lies.</summary>
internal sealed class IndexPlaceOptions(string file, params string[] aliases)
{
    internal Option<string?> File { get; } = new(file, aliases) { Description = "File of the index.", HelpName = "FILE" };

    internal void AddTo(Command command)
    {
        command.Options.Add(File);
        command.Validators.Add(result =>
        {
            if (result.GetResult(File) is null) { result.AddError($"Say where the index lies: {File.Name} FILE."); }
        });
    }

    internal string Read(ParseResult parsed) => parsed.GetValue(File)!;
}
