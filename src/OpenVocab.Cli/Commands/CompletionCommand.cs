using System.CommandLine;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab completion SHELL</c>: prints a script that completes commands and options as you press Tab.</summary>
internal static class CompletionCommand
{
    // The program itself knows what fits: the directive [suggest:POSITION] asks it.
    private const string Bash = """
        _openvocab() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE#* }" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _openvocab openvocab ./openvocab
        """;

    private const string Zsh = """
        #compdef openvocab
        _openvocab() {
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$((${#BUFFER}))]" "${BUFFER#* }" 2>/dev/null)}")
            compadd -a found || _files
        }
        compdef _openvocab openvocab
        """;

    private const string Fish = """
        complete -c openvocab -a '(set -l line (commandline -cp); openvocab "[suggest:"(string length -- "$line")"]" (string replace -r "^\S+\s" "" -- "$line") 2>/dev/null)'
        """;

    internal static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Prints a script for your shell that completes commands and options: source <(openvocab completion bash)") { shell };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCodes.Success;
        });
        return command;
    }
}
