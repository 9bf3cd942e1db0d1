using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab bench</c>.</summary>
internal sealed class BenchOptions
{
    internal Option<string?> Model { get; } = new("--model") { Description = "Folder of a model bundle, an ONNX file, or the name of a model that was pulled. Default: the one that comes with OpenVocab.", HelpName = "MODEL" };

    internal Option<string?> Source { get; } = new("--source") { Description = "Picture to look at. Default: a generated one of 1920 x 1080 pixels.", HelpName = "PICTURE" };

    internal Option<IReadOnlyList<int>> Prompts { get; } = new("--prompts")
    {
        Description = "Numbers of prompts, between commas.",
        DefaultValueFactory = _ => [1, 10, 80, 365, 1203],
        CustomParser = result => ParseList<int>(result, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= PromptSet.MaxPrompts ? number : null, $"a number from 1 to {PromptSet.MaxPrompts}"),
        HelpName = "N,N…",
    };

    internal Option<IReadOnlyList<InputSize>> Shapes { get; } = new("--shapes")
    {
        Description = "Input sizes, between commas: 512 for a square, 384x640 for height x width. Default: the model's own.",
        CustomParser = result => ParseList<InputSize>(result, ParseShape, "a size, such as 512 or 384x640, with sides from 32 to 4096"),
        HelpName = "SIZE,SIZE…",
    };

    internal Option<IReadOnlyList<ExecutionPrecision>> Precisions { get; } = new("--precision")
    {
        Description = "fp32, int8, or both between commas. Default: those that the model has.",
        CustomParser = result => ParseList<ExecutionPrecision>(result, text => text is "fp32" or "int8" ? DetectionOptions.ToPrecision(text) : null, "fp32 or int8"),
        HelpName = "PRECISION",
    };

    internal Option<int> Runs { get; } = new("--runs") { Description = "Frames that are timed for each row, after a warm-up.", DefaultValueFactory = _ => 50, HelpName = "N" };

    internal Option<string> Device { get; } = DetectionOptions.NewDevice();

    internal Option<int> Threads { get; } = new("--threads") { Description = "Cores that the network may use; 0: all.", DefaultValueFactory = _ => 0, HelpName = "N" };

    internal Option<string?> Chart { get; } = new("--chart") { Description = "PNG file for a chart of the times.", HelpName = "FILE" };

    internal Option<bool> Json { get; } = new("--json") { Description = "Print the times as JSON to standard output." };

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Model, Source, Prompts, Shapes, Precisions, Runs, Device, Threads, Chart, Json]) { command.Options.Add(option); }
    }

    private static InputSize? ParseShape(string text)
    {
        int[] sides = [.. text.Split('x').Select(side => int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 32 and <= 4096 ? number : 0)];
        return sides.Length is 1 or 2 && !sides.Contains(0) ? new InputSize(sides[0], sides[^1]) : null;
    }

    private static List<T> ParseList<T>(ArgumentResult result, Func<string, T?> parse, string wanted) where T : struct
    {
        List<T> values = [];
        foreach (string text in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (parse(text) is { } value) { values.Add(value); }
            else { result.AddError($"{result.Argument.Name}: \"{text}\" is not {wanted}."); }
        }
        return values;
    }
}
