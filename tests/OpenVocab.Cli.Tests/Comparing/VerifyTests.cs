using System.Text.Json.Nodes;

namespace OpenVocab.Cli.Tests.Comparing;

/// <summary><c>predict --verify</c>, with weights that are random: the numbers are right, and nobody is right about a dog.</summary>
public sealed class VerifyTests(ClipFolder folder) : IClassFixture<ClipFolder>
{
    [Fact]
    public async Task A_second_number_stands_in_the_lines_and_may_be_a_threshold()
    {
        string[] common = ["dogs.jpg", "--classes", "dog", "--verify", "clip", "--verify-against", "shadow, tree", "--jsonl", "-"];
        OpenVocabProcess.Outcome all = await Run(common);
        double[] numbers = Verifications(all.Output);
        double threshold = (numbers.Min() + numbers.Max()) / 2;

        OpenVocabProcess.Outcome some = await Run([.. common, "--verify-threshold", FormattableString.Invariant($"{threshold:0.0000}")]);

        Assert.Equal((0, 0), (all.ExitCode, some.ExitCode));
        Assert.Contains("verifying ", all.Error, StringComparison.Ordinal);
        Assert.All(numbers, number => Assert.InRange(number, 0, 1));
        double[] left = Verifications(some.Output);
        Assert.Equal(numbers.Where(number => number > threshold), left, (one, other) => Math.Abs(one - other) < 1e-3);
        Assert.Contains($"Verification dropped {numbers.Length - left.Length} detection", some.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_it_there_is_no_number()
    {
        OpenVocabProcess.Outcome run = await Run("dogs.jpg", "--classes", "dog", "--jsonl", "-");

        Assert.DoesNotContain("verif", run.Output + run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("\"dog\" is the only thing that is looked for", "--classes", "dog", "--verify", "clip")]
    [InlineData("--verify-threshold needs --verify", "--classes", "dog,cat", "--verify-threshold", "0.5")]
    [InlineData("--verify-against needs --verify", "--classes", "dog,cat", "--verify-against", "tree")]
    [InlineData("--verify-threshold is 1.5; it must lie between 0 and 1", "--classes", "dog,cat", "--verify", "clip", "--verify-threshold", "1.5")]
    [InlineData("this model was not fetched yet", "--classes", "dog,cat", "--verify", "clip-vit-b-32")]
    [InlineData("there is no such file and no such folder", "--classes", "dog,cat", "--verify", "nothing")]
    public async Task What_cannot_be_verified_is_said_before_anything_is_done(string words, params string[] arguments)
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(folder.Path, ["predict", "dogs.jpg", .. arguments, "--jsonl", "-"], environment: new() { ["OPENVOCAB_CACHE"] = folder["cache"] });

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(folder.Path, ["predict", .. arguments]);

    private static double[] Verifications(string line) => [.. JsonNode.Parse(line)!["detections"]!.AsArray().Select(found => (double)found!["verification"]!)];
}
