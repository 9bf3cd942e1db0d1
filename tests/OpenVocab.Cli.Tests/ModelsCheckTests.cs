using System.Text.Json;

namespace OpenVocab.Cli.Tests;

public sealed class ModelsCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bundle_is_described_and_tried()
    {
        OpenVocabProcess.Outcome run = await Check(RepositoryFiles.Get("models", "default"));

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        foreach (string part in new[] { "detector that takes words (any number of prompts of 512 numbers each)", "embeddings of the words", "picture, channels first", "openvocab-default: 9 files, hashes right", "trial run  works:", "problems   none" })
        {
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_detector_of_a_bundle_is_a_model_of_its_own()
    {
        OpenVocabProcess.Outcome run = await Check(RepositoryFiles.Get("models", "default", "detector.onnx"), "--json");

        using JsonDocument found = JsonDocument.Parse(run.Output);
        Assert.Equal(0, run.ExitCode);
        Assert.True(found.RootElement.GetProperty("usable").GetBoolean());
        Assert.Equal(["boxes (centre, size) and probabilities, an anchor a column", "regions, for openvocab index"], found.RootElement.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("role").GetString()).Take(2));
        Assert.Equal("ff460f5256c2b1365a737309275435016039c12009b38832ab9c84b0e52d4d81", found.RootElement.GetProperty("sha256").GetString());
        Assert.Contains("--text-encoder", found.RootElement.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_of_others_names_its_classes()
    {
        OpenVocabProcess.Outcome run = await Check(SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.onnx"));

        Assert.Equal(0, run.ExitCode);
        foreach (string part in new[] { "detector with 20 classes of its own, 256x320 pixels", "opset 12", "classes    20: aeroplane, bicycle" }) { Assert.Contains(part, run.Error, StringComparison.Ordinal); }
    }

    [Fact]
    public async Task A_network_that_is_no_detector_is_a_problem_with_its_inputs_listed()
    {
        OpenVocabProcess.Outcome run = await Check(RepositoryFiles.Get("models", "default", "text-encoder.onnx"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("input_ids int64 [?, ?]: unknown", run.Error, StringComparison.Ordinal);
        Assert.Contains("no picture input", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004archive", "a checkpoint that cannot be imported"), InlineData("<!DOCTYPE html>", "a page or XML"), InlineData("", "the file is empty"), InlineData("version https://git-lfs", "a pointer of Git LFS")]
    public async Task Another_file_is_told_by_its_first_bytes(string content, string expected)
    {
        File.WriteAllText(_folder["model.onnx"], content);

        OpenVocabProcess.Outcome run = await Check(_folder["model.onnx"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_bundle_and_a_missing_file_are_errors()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.Get("models", "default"))) { File.Copy(file, _folder[Path.GetFileName(file)]); }
        File.WriteAllText(_folder["vocabulary.json"], "{}");

        OpenVocabProcess.Outcome damaged = await Check(_folder.Path), missing = await Check(_folder["none.onnx"]);

        Assert.Equal((1, 1), (damaged.ExitCode, missing.ExitCode));
        Assert.Contains("vocabulary.json", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("there is no such file", missing.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Check(string path, params string[] options) => OpenVocabProcess.RunAsync(_folder.Path, ["models", "check", path, .. options]);
}
