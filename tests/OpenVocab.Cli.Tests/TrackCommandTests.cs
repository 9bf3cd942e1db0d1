using System.Text.Json;

namespace OpenVocab.Cli.Tests;

public sealed class TrackCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("lifecycle"), InlineData("stress-200")]
    public async Task The_file_comes_back_with_the_tracks_of_the_reference(string name)
    {
        string path = Golden.Path("bytetrack", name + ".json");

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["track", "--detections", path, "--json"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(path)), actual = JsonDocument.Parse(run.Output);
        Assert.Equal(Ids(expected), Ids(actual));
    }

    [Theory]
    [InlineData("[]", "it is no JSON object"), InlineData("{", "Expected depth"), InlineData("{}", "the field frames is missing"), InlineData("{\"frames\":[{\"detections\":[{\"score\":1}]}]}", "the field box is missing")]
    [InlineData("{\"frames\":[{\"detections\":[{\"score\":1,\"box\":[1,2]}]}]}", "no file of detections"), InlineData("{\"parameters\":{\"match_thresh\":7},\"frames\":[]}", "MatchThreshold is 7")]
    public async Task A_file_of_another_kind_is_refused_with_the_reason(string content, string words)
    {
        File.WriteAllText(_folder["d.json"], content);

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["track", "--detections", "d.json", "--json"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(JsonDocument sequence) => sequence.RootElement.GetProperty("frames").EnumerateArray().Select(frame => string.Join(
        ' ', frame.GetProperty("tracks").EnumerateArray().Select(track => $"{track.GetProperty("trackId")}:{track.GetProperty("detection")}:{track.GetProperty("classId")}")));
}
