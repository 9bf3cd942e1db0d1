using System.Diagnostics;
using System.Text.Json;

namespace OpenVocab.Cli.Tests;

public sealed class PredictCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_video_becomes_an_annotated_video_with_data_and_a_summary()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");

        OpenVocabProcess.Outcome run = await Run("predict", Sample("pedestrians.mp4"), "--classes", "person, backpack", "--imgsz", "320");

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Contains("Done: 200 frames of 1 source", run.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("runs", "predict", "1", "pedestrians.mp4"), run.Error, StringComparison.Ordinal);
        Assert.Equal("h264,10/1,200", TestVideos.Probe(_folder["runs/predict/1/pedestrians.mp4"], "stream=codec_name,r_frame_rate,nb_frames"));
        string[] lines = File.ReadAllLines(_folder["runs/predict/1/detections.jsonl"]);
        Assert.Equal(200, lines.Length);
        using JsonDocument last = JsonDocument.Parse(lines[^1]);
        Assert.Equal((199, 19.9, "person"), (
            last.RootElement.GetProperty("frame").GetInt32(), last.RootElement.GetProperty("time").GetDouble(),
            last.RootElement.GetProperty("detections")[0].GetProperty("class").GetString()));
    }

    [Fact]
    public async Task Every_run_has_a_folder_of_its_own_and_inputs_stay_as_they_are()
    {
        byte[] before = File.ReadAllBytes(Sample("cat.jpg"));

        await Run("predict", Sample("cat.jpg"), "-q");
        OpenVocabProcess.Outcome second = await Run("predict", Sample("cat.jpg"), "-q");

        Assert.Equal(["1", "2"], Directory.GetDirectories(_folder["runs/predict"]).Select(Path.GetFileName).Order());
        Assert.Equal("", second.Error);
        Assert.Equal(before, File.ReadAllBytes(Sample("cat.jpg")));
    }

    [Fact]
    public async Task Json_lines_to_standard_output_write_no_files_and_nothing_else()
    {
        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), Sample("dogs.jpg"), "--classes", "cat, dog", "--jsonl", "-");

        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using JsonDocument first = JsonDocument.Parse(lines[0]);
        Assert.Equal("cat", first.RootElement.GetProperty("detections")[0].GetProperty("class").GetString());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task All_formats_at_once_into_a_folder_that_was_named()
    {
        OpenVocabProcess.Outcome run = await Run(
            "predict", Sample("dogs.jpg"), "--classes", "dog", "--save-dir", "out", "--format", "annotated,jsonl,csv", "--save-txt", "--save-conf", "--save-crop", "--save-json");

        Assert.Equal(0, run.ExitCode);
        foreach (string name in new[] { "dogs.jpg", "detections.jsonl", "detections.csv", "detections.coco.json", "detections.coco.images.json", "labels/dogs.txt", "crops/dog/dogs.jpg" })
        {
            Assert.True(File.Exists(_folder[$"out/{name}"]), $"{name} is missing");
        }
        Assert.Equal(6, File.ReadLines(_folder["out/labels/dogs.txt"]).First().Split(' ').Length);
    }

    [Fact]
    public async Task A_picture_may_come_from_standard_input()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(
            _folder.Path, ["predict", "-", "--classes", "cat", "--jsonl", "-", "-q"], File.ReadAllBytes(Sample("cat.jpg")));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("\"source\":\"stdin\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_the_encoder_does_not_know_are_named_once_and_are_no_error()
    {
        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), Sample("dogs.jpg"), "--classes", "cat, xyzzyplugh", "--jsonl", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Error.Split("\"xyzzyplugh\"").Length);
        Assert.Contains("--model", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "no such file", "none.jpg")]
    [InlineData(3, "empty (0 bytes)", "empty.jpg")]
    [InlineData(3, "cut off", "cut.jpg")]
    [InlineData(2, "this is no picture", "page.jpg")]
    [InlineData(2, "at most 50 megapixels", "bomb.png")]
    [InlineData(2, "there is no such file or folder", "none.jpg", "fine.jpg")]
    public async Task Bad_inputs_are_named_with_what_to_do(int exitCode, string words, params string[] names)
    {
        File.WriteAllBytes(_folder["empty.jpg"], []);
        File.WriteAllBytes(_folder["cut.jpg"], File.ReadAllBytes(Sample("cat.jpg"))[..9000]);
        File.WriteAllText(_folder["page.jpg"], "<html></html>");
        File.WriteAllBytes(_folder["bomb.png"], TestPictures.Bomb(".png", 30_000));
        File.Copy(Sample("cat.jpg"), _folder["fine.jpg"]);

        OpenVocabProcess.Outcome run = await Run(["predict", .. names, "--jsonl", "-"]);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains($"error: {names[0]}", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Contains("→", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(names.Contains("fine.jpg") ? 1 : 0, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task A_damaged_video_ends_with_its_own_exit_code_and_a_playable_file()
    {
        Assert.SkipUnless(TestVideos.CanMake, "needs ffmpeg");
        byte[] bytes = File.ReadAllBytes(TestVideos.Make(_folder["cut.mkv"]));
        File.WriteAllBytes(_folder["cut.mkv"], bytes[..(bytes.Length / 2)]);

        OpenVocabProcess.Outcome run = await Run("predict", "cut.mkv", "--imgsz", "320");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("warning: cut.mkv: the file is damaged or incomplete", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("h264", TestVideos.Probe(_folder["runs/predict/1/cut.mp4"], "stream=codec_name,nb_frames"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--classes", "person:", "what follows the colon is no number")]
    [InlineData("--classes", "", "A class is empty")]
    [InlineData("--classes", "cat, cat", "\"cat\" is named twice")]
    [InlineData("--classes-file", "none.yaml", "none.yaml: the prompt file cannot be read")]
    [InlineData("--conf", "2", "--conf is 2; it must lie between 0 and 1")]
    [InlineData("--imgsz", "x", "\"x\" is no size")]
    [InlineData("--imgsz", "1024", "this model takes sides from 320 to 640")]
    [InlineData("--max-det", "0", "--max-det is 0; it must lie between 1 and 30000")]
    [InlineData("--vid-stride", "0", "--vid-stride is 0")]
    [InlineData("--format", "xml", "\"xml\" is no output format; there are annotated, jsonl, csv, coco, yolo, crops")]
    [InlineData("--model", "none", "there is no such file and no such folder")]
    [InlineData("--device", "cuda", "Cuda was asked for")]
    [InlineData("--device", "tpu", "'tpu' not recognized")]
    [InlineData("--colour", "red", "--colour")]
    public async Task A_wrong_option_is_named_with_its_bound(string option, string value, string words)
    {
        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), option, value);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["runs"]));
    }

    [Fact]
    public async Task Things_are_followed_and_counted()
    {
        OpenVocabProcess.Outcome done = await Run(
            "predict", Sample("pedestrians.mp4"), "--classes", "person", "--vid-stride", "4", "--jsonl", "-", "--count-line", "0,300,768,300", "--zone", "lawn=0,250,768,250,768,576,0,576");

        Assert.Equal(0, done.ExitCode);
        Assert.Contains("\"trackId\":", done.Output, StringComparison.Ordinal);
        Assert.Matches(@"line 1: person: \d+ in, \d+ out\.", done.Error);
        Assert.Matches(@"lawn: person: \d+ in, \d+ out, \d+ inside at the end; [\d.]+ s on average", done.Error);
    }

    [Fact]
    public async Task A_prompt_that_is_too_long_is_named()
    {
        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), "--classes", string.Join(' ', Enumerable.Repeat("zebra", 90)));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("tokens with start and end; at most 77", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrupt_model_is_refused()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.Get("models", "default"))) { File.Copy(file, _folder[Path.GetFileName(file)]); }
        using (FileStream stream = File.OpenWrite(_folder["detector.onnx"])) { stream.Write([1, 2, 3]); }

        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), "--model", ".");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("detector.onnx: the file is damaged", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_an_error_at_once()
    {
        File.WriteAllText(_folder["file"], "in the way");

        OpenVocabProcess.Outcome run = await Run("predict", Sample("cat.jpg"), "--save-dir", "file/out");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ffmpeg_a_video_is_read_and_written_with_a_notice()
    {
        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(
            _folder.Path, ["predict", Sample("pedestrians.mp4"), "--imgsz", "320", "--vid-stride", "10"], environment: new() { ["PATH"] = _folder["nothing"] });

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("notice: ffmpeg is not installed", run.Error, StringComparison.Ordinal);
        Assert.True(new FileInfo(_folder["runs/predict/1/pedestrians.mp4"]).Length > 10_000);
    }

    [Fact]
    public async Task Control_C_leaves_whole_files_and_its_own_exit_code()
    {
        Assert.SkipUnless(TestVideos.CanMake && OperatingSystem.IsLinux(), "needs ffmpeg and signals");
        // As a terminal does it: the signal goes to the whole group of processes, ffmpeg's included if they were in it.
        using Process process = Process.Start(new ProcessStartInfo("setsid", ["dotnet", typeof(CommandLine).Assembly.Location, "predict", Sample("pedestrians.mp4"), "--save-dir", "out", "--jsonl", "-", "--format", "annotated"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        for (int line = 0; line < 10; line++) { await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken); }

        using (Process kill = Process.Start("kill", ["-INT", "--", Invariant($"-{process.Id}")])) { await kill.WaitForExitAsync(TestContext.Current.CancellationToken); }
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Interrupted after", await error, StringComparison.Ordinal);
        Assert.StartsWith("h264", TestVideos.Probe(_folder["out/pedestrians.mp4"], "stream=codec_name,nb_frames"), StringComparison.Ordinal);
        Assert.Equal([_folder["out/pedestrians.mp4"]], Directory.GetFiles(_folder["out"]));
    }

    private Task<OpenVocabProcess.Outcome> Run(params string[] arguments) => OpenVocabProcess.RunAsync(_folder.Path, arguments);

    private static string Sample(string name) => RepositoryFiles.Get("samples", "media", name);
}
