using System.CommandLine;
using System.Text;
using System.Text.Json;
using OpenVocab.Text;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab tokenize</c>: texts to token ids, a line each.</summary>
internal static class TokenizeCommand
{
    private const int LongestLine = 16 * 1024 * 1024;

    internal static Command Create(Func<Stream>? input = null)
    {
        Option<string> tokenizer = new("--tokenizer")
        {
            Description = "bpe_simple_vocab_16e6.txt.gz, tokenizer.json, vocab.json, or a folder with one of them. Default: that of the model that comes with OpenVocab.",
            HelpName = "PATH",
        };
        Option<bool> json = new("--json") { Description = "Each line is a JSON string, each answer a JSON array. Without it: plain text, ids between blanks." };
        Command command = new("tokenize", "Reads texts from standard input, a line each, and writes their CLIP token ids, without start, end and padding.") { tokenizer, json };
        command.SetAction((parsed, cancellation) =>
        {
            ClipTokenizer opened = ClipTokenizer.Open(parsed.GetValue(tokenizer) ?? Path.Combine(AppContext.BaseDirectory, "models", "default"));
            TextWriter output = parsed.InvocationConfiguration.Output;
            using StreamReader lines = new((input ?? Console.OpenStandardInput)(), new UTF8Encoding(false));
            int number = 0;
            while (lines.ReadLine() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                number++;
                if (line.Length > LongestLine) { throw new PromptException($"Line {number} has {line.Length} characters; at most {LongestLine} are read.", "Shorten it."); }
                IReadOnlyList<int> ids = opened.Encode(parsed.GetValue(json) ? ParseJson(line, number) : line);
                output.WriteLine(parsed.GetValue(json) ? $"[{string.Join(',', ids)}]" : string.Join(' ', ids));
            }
            output.Flush();
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static string ParseJson(string line, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind == JsonValueKind.String) { return Unescape(document.RootElement); }
        }
        catch (JsonException fault) { throw Bad(number, fault); }
        throw Bad(number, null);
    }

    // Half a surrogate pair, as "\ud800", is legal JSON and no text: it counts as U+FFFD, as in every other text.
    private static string Unescape(JsonElement text)
    {
        try { return text.GetString()!; }
        catch (InvalidOperationException)
        {
            return JsonLoneSurrogates.Replace(text.GetRawText());
        }
    }

    private static PromptException Bad(int number, Exception? fault) => new(
        $"Line {number} of standard input is no JSON string.", "Write each text as a JSON string in a line of its own, or leave --json out.", fault);
}
