namespace OpenVocab.Cli.Tests;

/// <summary><c>--model FILE.onnx</c>.</summary>
public sealed class ForeignModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_with_classes_of_its_own_is_filtered_by_words_and_refuses_others()
    {
        string model = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.onnx"), picture = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "bus.jpg");

        OpenVocabProcess.Outcome all = await Predict(picture, model), some = await Predict(picture, model, "--classes", "Person, bus"), none = await Predict(picture, model, "--classes", "persons");

        Assert.Equal((0, 0, 1), (all.ExitCode, some.ExitCode, none.ExitCode));
        Assert.Contains("Looking for Person, bus with tiny-worldv2.onnx", some.Error, StringComparison.Ordinal);
        Assert.Contains("has no class \"persons\"; near are \"person\"", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_takes_words_says_in_one_line_whose_text_encoder_it_borrows()
    {
        string model = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.text-k3.onnx"), picture = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "zidane.jpg");

        OpenVocabProcess.Outcome borrowed = await Predict(picture, model, "--classes", "person, red bus"), none = await Predict(picture, model);
        OpenVocabProcess.Outcome named = await Predict(picture, model, "--classes", "person", "--text-encoder", RepositoryFiles.Get("models", "default"));

        Assert.Equal((0, 1, 0), (borrowed.ExitCode, none.ExitCode, named.ExitCode));
        Assert.Single(borrowed.Error.Split('\n'), line => line.Contains("brings no text encoder", StringComparison.Ordinal) && line.Contains("--text-encoder", StringComparison.Ordinal));
        Assert.Contains("has no words of its own", none.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("brings no text encoder", named.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Predict(string picture, string model, params string[] options) =>
        OpenVocabProcess.RunAsync(_folder.Path, ["predict", picture, "--model", model, "--jsonl", "-", .. options]);
}
