using System.Text.Json.Nodes;
using OpenVocab.Inference;

namespace OpenVocab.Cli.Tests;

public sealed class BenchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_shape_is_timed_with_every_number_of_prompts()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["bench", "--runs", "3", "--shapes", "320,320x416", "--prompts", "1,100", "--precision", "fp32", "--json", "--chart", "times.png"]);

        Assert.Equal(0, run.ExitCode);
        JsonArray rows = JsonNode.Parse(run.Output)!["rows"]!.AsArray();
        Assert.Equal([("320x320", 1), ("320x320", 100), ("320x416", 1), ("320x416", 100)], rows.Select(row => ((string)row!["input"]!, (int)row["prompts"]!)));
        Assert.All(rows, row => Assert.Equal("fp32", (string)row!["precision"]!));
        Assert.All(rows, row =>
        {
            double total = (double)row!["total"]!["medianMs"]!;
            Assert.True((double)row["inference"]!["medianMs"]! is > 0 and var inference && inference <= total);
            Assert.Equal(1000 / total, (double)row["framesPerSecond"]!, 0.5);
            Assert.Equal(0, (double)row["allocatedBytesPerFrame"]!);
        });
        Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(_folder["times.png"])[1..4]);
        Assert.Contains("frames/s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_forms_of_the_detector_are_timed()
    {
        if (!ProcessorFeatures.Here.HasDotProduct) { Assert.Skip("this processor has no instructions for 8-bit networks"); }

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["bench", "--runs", "3", "--shapes", "320", "--prompts", "2", "--json"]);

        Assert.Equal(["fp32", "int8"], JsonNode.Parse(run.Output)!["rows"]!.AsArray().Select(row => (string)row!["precision"]!));
    }

    [Theory]
    [InlineData("\"fp16\" is not fp32 or int8", "--precision", "fp16")]
    [InlineData("\"7\" is not a size, such as 512 or 384x640", "--shapes", "7")]
    [InlineData("\"0\" is not a number from 1 to 2000", "--prompts", "1,0")]
    [InlineData("--runs is 0; it must lie between 1 and 100000", "--runs", "0")]
    [InlineData("none.jpg: there is no such file", "--source", "none.jpg")]
    public async Task Wrong_options_are_named(string words, params string[] options)
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["bench", .. options]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }
}
