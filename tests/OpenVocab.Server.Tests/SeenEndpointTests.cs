using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Imaging;
using OpenVocab.Server.Endpoints;

namespace OpenVocab.Server.Tests;

/// <summary>What the streams have seen can be asked for, where the server remembers it.</summary>
public sealed class SeenEndpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000), InlineData(false), InlineData(true)]
    public async Task People_in_a_stream_are_found_with_pictures_and_are_there_after_a_restart(bool follow)
    {
        DateTimeOffset begin = DateTimeOffset.UtcNow;
        long first;
        await using (TestServer server = await StartAsync())
        {
            if (follow) { (await server.Client.PutAsJsonAsync("/v1/streams/street/follow", new { track = true, regions = Array.Empty<object>() }, Stop)).EnsureSuccessStatusCode(); }
            SeenReply reply = await WaitAsync(server, 3);
            SeenAnswer best = reply.Answers[0];
            Assert.Equal(("person", "street"), (best.Words, best.Stream));
            Assert.InRange(best.Score, 0.25f, 1);
            Assert.True(begin <= best.From && best.From <= best.To && best.To <= DateTimeOffset.UtcNow);
            Assert.Equal(reply.Answers.Select(answer => answer.Score).OrderDescending(), reply.Answers.Select(answer => answer.Score));
            using HttpResponseMessage picture = await server.Client.GetAsync($"/v1/seen/{best.Id}.jpg", Stop);
            Assert.Equal("image/jpeg", picture.Content.Headers.ContentType!.MediaType);
            using Mat pixels = ImageFile.Decode(await picture.Content.ReadAsByteArrayAsync(Stop), "thing");
            Assert.InRange(Math.Max(pixels.Width, pixels.Height), 8, 160);
            Assert.True(pixels.Height > pixels.Width, "a person who walks is higher than wide");
            // Asked for something else, the same things do not fit.
            Assert.Empty((await AskAsync(server, "giraffe")).Answers);
            Assert.Single((await AskAsync(server, "person&count=1")).Answers);
            Assert.Empty((await AskAsync(server, "person&minScore=1")).Answers);
            first = best.Id;
        }
        await using TestServer again = await StartAsync();
        Assert.True((await AskAsync(again, "person")).Answers.Count >= 3);
        Assert.Equal(HttpStatusCode.OK, (await again.Client.GetAsync($"/v1/seen/{first}.jpg", Stop)).StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Questions_are_read_strictly()
    {
        await using TestServer server = await StartAsync();
        foreach ((string query, string words) in ((string, string)[])
        [
            ("words=", "words is empty"), ("words=" + new string('a', 501), "words has 501 characters; at most 500"), ("words=" + string.Join(",", Enumerable.Range(0, 17).Select(i => $"w{i}")), "words names 17 things; at most 16"),
            ("words=dog&count=0", "count is \"0\"; it must be a whole number between 1 and 200"), ("words=dog&count=201", "count is \"201\""), ("words=dog&count=many", "count is \"many\""),
            ("words=dog&minScore=2", "minScore is 2; it must lie between 0 and 1"), ("words=dog&minScore=0,5", "minScore is \"0,5\", which is no number"), ("words=dog&limit=3", "There is no parameter \"limit\""), ("words=dog:many", "no number"),
        ])
        {
            await AssertProblemAsync(server, "/v1/seen?" + query, HttpStatusCode.BadRequest, words);
        }
        await AssertProblemAsync(server, "/v1/seen/999999999.jpg", HttpStatusCode.NotFound, "\"999999999\"");
        await AssertProblemAsync(server, "/v1/seen/-1.jpg", HttpStatusCode.NotFound, "\"-1\"");
        await AssertProblemAsync(server, "/v1/seen/x.jpg", HttpStatusCode.NotFound, "\"x\"");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_does_not_remember_says_so()
    {
        await using TestServer server = await TestServer.StartAsync();
        await AssertProblemAsync(server, "/v1/seen?words=dog", HttpStatusCode.NotFound, "does not remember");
        await AssertProblemAsync(server, "/v1/seen/1.jpg", HttpStatusCode.NotFound, "does not remember");
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_with_a_token_does_not_show_what_was_seen_to_others()
    {
        await using TestServer server = await StartAsync(options => options.Token = "correct horse");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/v1/seen?words=person", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/v1/seen/1.jpg", Stop)).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_servers_cannot_remember_in_one_file_and_a_file_of_something_else_stays_as_it_is()
    {
        await using TestServer server = await StartAsync();
        IndexException used = await Assert.ThrowsAsync<IndexException>(() => StartAsync());
        Assert.Contains("another program is writing", used.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["notes.txt"], "what I wanted to remember", Stop);
        await Assert.ThrowsAsync<IndexException>(() => StartAsync(options => options.Remember = _folder["notes.txt"]));
        Assert.Equal("what I wanted to remember", await File.ReadAllTextAsync(_folder["notes.txt"], Stop));
        Assert.Throws<ArgumentException>(() => OpenVocabServer.Create(IPAddress.Loopback, 0, options => options.RememberMost = 0));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_model_without_regions_cannot_remember_and_leaves_no_file()
    {
        string model = SharedFiles.Get(Assert.Skip, "golden", "yolo-world", "tiny-worldv2.onnx");
        ModelException fault = await Assert.ThrowsAsync<ModelException>(() => StartAsync(options => (options.Model, options.Detector) = (model, new())));
        Assert.Contains("has no output \"regions\"", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["seen.index"]));
    }

    private Task<TestServer> StartAsync(Action<OpenVocabOptions>? configure = null) => TestServer.StartAsync(options =>
    {
        options.Classes = OpenVocab.Prompts.PromptSet.Of("person");
        options.Streams.Add(new("street", RepositoryFiles.Get("samples", "media", "pedestrians.mp4")));
        options.Remember = _folder["seen.index"];
        configure?.Invoke(options);
    });

    private static async Task<SeenReply> AskAsync(TestServer server, string query) => (await server.Client.GetFromJsonAsync<SeenReply>("/v1/seen?words=" + query, Stop))!;

    private static async Task<SeenReply> WaitAsync(TestServer server, int least)
    {
        SeenReply reply = await AskAsync(server, "person");
        for (int tries = 0; tries < 300 && reply.Answers.Count < least; tries++)
        {
            await Task.Delay(100, Stop);
            reply = await AskAsync(server, "person");
        }
        Assert.True(reply.Answers.Count >= least, $"{reply.Answers.Count} answers");
        return reply;
    }

    private static async Task AssertProblemAsync(TestServer server, string address, HttpStatusCode status, string words)
    {
        using HttpResponseMessage reply = await server.Client.GetAsync(address, Stop);
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType!.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Stop));
        Assert.Contains(words, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(problem.RootElement.GetProperty("remedy").GetString()));
    }
}
