using System.CommandLine;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models</c>: one subcommand a task.</summary>
internal static class ModelsCommand
{
    internal static Command Create() => new("models", "Makes, fetches, checks and runs models.")
    {
        Subcommands =
        {
            ModelsImportCommand.Create(), ModelsListCommand.Create(), ModelsPullCommand.Create(), ModelsCheckCommand.Create(), ModelsRunCommand.Create(), ModelsExportCommand.Create(), ModelsQuantizeCommand.Create(),
        },
    };
}
