namespace OpenVocab.Cli.Tests;

public sealed class ModelsImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_checkpoint_becomes_a_bundle_that_predict_takes()
    {
        OpenVocabProcess.Outcome made = await Run("models", "import", Golden.Path("yolo-world", "tiny-worldv2.pt"), "-o", _folder["bundle"], "--text-encoder", RepositoryFiles.Get("models", "default"));
        OpenVocabProcess.Outcome found = await Run("predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--model", _folder["bundle"], "--classes", "dog, cat", "--jsonl", "-");

        Assert.True(made.ExitCode == 0, made.Error);
        Assert.Contains("YOLO-World v2", made.Error, StringComparison.Ordinal);
        Assert.Contains("detector.onnx", made.Error, StringComparison.Ordinal);
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.StartsWith("{\"source\":", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_without_a_text_encoder_says_what_it_lacks_when_words_are_typed()
    {
        await Run("models", "import", Golden.Path("yolo-world", "tiny-worldv2.pt"), "-o", _folder["bundle"]);

        OpenVocabProcess.Outcome own = await Run("predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--model", _folder["bundle"], "--jsonl", "-");
        OpenVocabProcess.Outcome typed = await Run("predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--model", _folder["bundle"], "--classes", "teapot", "--jsonl", "-");

        OpenVocabProcess.Outcome known = await Run("predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--model", _folder["bundle"], "--classes", "cat, Dog", "--jsonl", "-");

        Assert.Equal(0, own.ExitCode);
        Assert.True(known.ExitCode == 0, known.Error);
        Assert.Equal(1, typed.ExitCode);
        Assert.Contains("\"teapot\" cannot be looked for: the model has no text encoder, and knows 20 words of its own (aeroplane", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_option_of_a_subcommand_is_told_with_its_whole_name()
    {
        OpenVocabProcess.Outcome run = await Run("models", "import", "some.pt");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("→ openvocab models import --help shows", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_checkpoint_is_refused_in_two_lines()
    {
        File.Copy(Golden.Path("clip", "containers", "foreign-global.bin"), _folder["model.pt"]);

        OpenVocabProcess.Outcome made = await Run("models", "import", _folder["model.pt"], "-o", _folder["bundle"]);

        Assert.Equal(1, made.ExitCode);
        Assert.Contains("byte ", made.Error, StringComparison.Ordinal);
        Assert.Contains("print", made.Error, StringComparison.Ordinal);
        Assert.Equal(2, made.Error.TrimEnd().Split('\n').Length);
        Assert.False(Directory.Exists(_folder["bundle"]));
    }

    [Fact]
    public async Task A_checkpoint_is_checked_by_a_trial_import()
    {
        OpenVocabProcess.Outcome found = await Run("models", "check", Golden.Path("yolo-world", "tiny-world.pt"));

        Assert.Equal(0, found.ExitCode);
        Assert.Contains("YOLO-World v1", found.Error, StringComparison.Ordinal);
        Assert.Contains("models import", found.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_was_not_fetched_is_named_with_the_command_that_fetches_it()
    {
        OpenVocabProcess.Outcome run = await Run("predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--model", "yolov8s-worldv2");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("openvocab models pull yolov8s-worldv2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_are_baked_into_a_file_for_other_programs()
    {
        OpenVocabProcess.Outcome made = await Run("models", "export", "--classes", "dog, cat's toy", "-o", _folder["baked.onnx"]);
        OpenVocabProcess.Outcome found = await Run("models", "check", _folder["baked.onnx"]);

        Assert.True(made.ExitCode == 0, made.Error);
        Assert.True(found.ExitCode == 0, found.Error);
        Assert.Contains("2: dog, cat's toy", found.Error, StringComparison.Ordinal);
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(_folder.Path, arguments, environment: new() { ["OPENVOCAB_CACHE"] = _folder["cache"] });
}
