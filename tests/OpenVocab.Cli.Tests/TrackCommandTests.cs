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
    [InlineData("{\"frames\":[{\"detections\":[{\"score\":1,\"box\":[1,2]}]}]}", "no file of detections"),
     InlineData("{\"frames\":[null]}", "frame 0 is missing or null; it must be an object"), InlineData("{\"frames\":[{\"detections\":null}]}", "frame 0: the field detections is missing or null; it must be a list"),
     InlineData("{\"frames\":[{\"detections\":[]},{\"detections\":[null]}]}", "frame 1, detection 0 is missing or null; it must be an object"),
     InlineData("{\"frames\":[{\"detections\":[{\"score\":1,\"box\":[1,2,3]}]}]}", "frame 0, detection 0: the field box has 3 numbers; it must have four"),
     InlineData("{\"frames\":[{\"detections\":[{\"score\":1,\"box\":[1,2,3,null]}]}]}", "frame 0, detection 0: box[3] is missing or null"),
     InlineData("{\"frames\":[{\"detections\":[{\"score\":\"high\",\"box\":[1,2,3,4]}]}]}", "frame 0, detection 0: the field score is \"high\"; it must be a number"),
     InlineData("{\"frames\":[{\"detections\":[{\"score\":1e99,\"box\":[1,2,3,4]}]}]}", "the field score is 1e99"), InlineData("{\"frames\":[{\"detections\":[{\"score\":1,\"classId\":0.5,\"box\":[1,2,3,4]}]}]}", "the field classId is 0.5; it must be a whole number"),
     InlineData("{\"frames\":[],\"frames\":[]}", "no file of detections"), InlineData("{\"parameters\":5,\"frames\":[]}", "the field parameters is 5"), InlineData("{\"parameters\":{\"fuse_score\":1},\"frames\":[]}", "neither true nor false"),
     InlineData("{\"parameters\":{\"match_thresh\":7},\"frames\":[]}", "MatchThreshold is 7")]
    public async Task A_file_of_another_kind_is_refused_with_the_reason(string content, string words)
    {
        File.WriteAllText(_folder["d.json"], content);

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunAsync(_folder.Path, ["track", "--detections", "d.json", "--json"]);

        Assert.Equal(words.StartsWith("MatchThreshold", StringComparison.Ordinal) ? 1 : 2, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_was_called_a_fault_of_openvocab()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        File.WriteAllText(_folder["d.json"], "{\"frames\":[]}");

        OpenVocabProcess.Outcome run = await OpenVocabProcess.RunInShellAsync(_folder.Path, "$OPENVOCAB track --json --detections d.json > /dev/full");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal("error: Standard output cannot be written: No space left on device.\n  → Free some space, or write to another place.\n", run.Error);
    }

    private static IEnumerable<string> Ids(JsonDocument sequence) => sequence.RootElement.GetProperty("frames").EnumerateArray().Select(frame => string.Join(
        ' ', frame.GetProperty("tracks").EnumerateArray().Select(track => $"{track.GetProperty("trackId")}:{track.GetProperty("detection")}:{track.GetProperty("classId")}")));
}
