using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace OpenVocab.Server.Tests;

public sealed class StreamEndpointTests : IAsyncLifetime
{
    private static readonly string s_video = RepositoryFiles.Get("samples", "media", "pedestrians.mp4");
    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(options =>
    {
        options.Classes = OpenVocab.Prompts.PromptSet.Of("person");
        options.Streams.Add(new("street", s_video));
        options.MaxViewers = 3;
    });

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_plays_at_its_own_rate_and_other_words_are_in_force_with_the_next_frame()
    {
        using StreamReader events = await OpenEventsAsync("street");
        List<JsonElement> before = await ReadResultsAsync(events, 5);
        Assert.All(before.SelectMany(Classes), name => Assert.Equal("person", name));

        using HttpResponseMessage put = await _server.Client.PutAsync("/v1/classes", new StringContent("car, van:0.3"), Stop);
        using JsonDocument reply = JsonDocument.Parse(await put.Content.ReadAsStringAsync(Stop));
        Assert.Equal("car, van:0.3", reply.RootElement.GetProperty("text").GetString());
        Assert.True(reply.RootElement.GetProperty("milliseconds").GetDouble() > 0);

        DateTimeOffset changed = DateTimeOffset.UtcNow;
        List<JsonElement> after = await ReadResultsAsync(events, 10);
        // Frames that were under way may still be the old words'; none that came later is.
        after.RemoveAll(result => result.GetProperty("result").GetProperty("at").GetDateTimeOffset() < changed);
        Assert.InRange(after.Count, 3, 10);
        Assert.All(after.SelectMany(Classes), name => Assert.Contains(name, (string[])["car", "van"]));
        Assert.Equal(before[^1].GetProperty("vocabulary").GetInt32() + 1, after[^1].GetProperty("vocabulary").GetInt32());
        JsonElement status = await StatusAsync();
        Assert.InRange(status.GetProperty("vocabularyLatency").GetDouble(), 0.01, 5000);
        Assert.InRange(status.GetProperty("framesPerSecond").GetDouble(), 4, 12);
    }

    [Fact(Timeout = 60_000)]
    public async Task Streams_are_stopped_and_started_and_others_cannot_be_brought_in()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Client.DeleteAsync("/v1/streams/street", Stop)).StatusCode);
        JsonElement stopped = await StatusAsync();
        Assert.Equal("stopped", stopped.GetProperty("state").GetString());
        JsonElement frames = stopped.GetProperty("frames");
        long Number(string name) => frames.GetProperty(name).GetInt64();
        Assert.Equal(Number("read"), Number("emitted") + Number("dropped") + Number("failed"));

        using HttpResponseMessage started = await _server.Client.PostAsJsonAsync("/v1/streams", new { id = "street" }, Stop);
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        await WaitForStateAsync("live");

        foreach ((object body, HttpStatusCode status) in ((object, HttpStatusCode)[])
            [(new { id = "other" }, HttpStatusCode.NotFound), (new { id = "x", source = "/etc/passwd" }, HttpStatusCode.BadRequest), (new { id = "http://127.0.0.1/" }, HttpStatusCode.NotFound)])
        {
            using HttpResponseMessage refused = await _server.Client.PostAsJsonAsync("/v1/streams", body, Stop);
            Assert.Equal(status, refused.StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await _server.Client.DeleteAsync("/v1/streams/other", Stop)).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Things_are_followed_and_counted_as_soon_as_somebody_says_so()
    {
        using StreamReader events = await OpenEventsAsync("street");
        Assert.DoesNotContain((await ReadResultsAsync(events, 2)).SelectMany(Detections), found => found.TryGetProperty("trackId", out _));
        object follow = new { track = true, regions = new object[] { new { name = "gate", points = (float[])[0, 300, 768, 300] }, new { name = "yard", points = (float[])[0, 0, 768, 0, 768, 576, 0, 576] } } };
        using HttpResponseMessage put = await _server.Client.PutAsJsonAsync("/v1/streams/street/follow", follow, Stop);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        List<JsonElement> results = await ReadResultsAsync(events, 10);
        Assert.All(Detections(results[^1]), found => Assert.True(found.GetProperty("trackId").GetInt32() > 0));
        JsonElement[] counts = [.. results[^1].GetProperty("result").GetProperty("counts").EnumerateArray()];
        Assert.Equal(["line", "zone"], counts.Select(found => found.GetProperty("kind").GetString()));
        Assert.True(counts[1].GetProperty("classes").GetProperty("person").GetProperty("inside").GetInt32() > 0);

        object[] wrong = [new { track = true, regions = new[] { new { name = "a", points = (float[])[1, 2, 3] } } }, new { track = true, regions = new[] { new { name = "", points = (float[])[1, 2, 3, 4] } } }];
        foreach (object body in wrong)
        {
            using HttpResponseMessage refused = await _server.Client.PutAsJsonAsync("/v1/streams/street/follow", body, Stop);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_socket_of_the_page_gives_results_with_their_pictures()
    {
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri($"ws://{_server.Address.Authority}/v1/streams/street/socket"), Stop);
        byte[] buffer = new byte[1 << 20];
        bool state = false;
        for (int pictures = 0; pictures < 3;)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), Stop);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Text)
            {
                using JsonDocument status = JsonDocument.Parse(buffer.AsMemory(0, length));
                Assert.Equal("street", status.RootElement.GetProperty("id").GetString());
                state = true;
                continue;
            }
            int json = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            using JsonDocument result = JsonDocument.Parse(buffer.AsMemory(4, json));
            using OpenCvSharp.Mat picture = OpenVocab.Imaging.ImageFile.Decode(buffer.AsSpan(4 + json, length - 4 - json), "frame");
            Assert.Equal(result.RootElement.GetProperty("result").GetProperty("width").GetInt32(), picture.Width);
            pictures++;
        }
        Assert.True(state);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_live_picture_is_motion_jpeg_and_viewers_are_bounded_and_forgotten()
    {
        List<HttpResponseMessage> viewers = [];
        for (int i = 0; i < 3; i++) { viewers.Add(await _server.Client.GetAsync("/v1/streams/street/mjpeg", HttpCompletionOption.ResponseHeadersRead, Stop)); }
        Assert.All(viewers, viewer => Assert.StartsWith("multipart/x-mixed-replace; boundary=frame", viewer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal));
        using HttpResponseMessage refused = await _server.Client.GetAsync("/v1/streams/street/mjpeg", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        Stream stream = await viewers[0].Content.ReadAsStreamAsync(Stop);
        byte[] start = new byte[200];
        await stream.ReadExactlyAsync(start, Stop);
        string text = Encoding.Latin1.GetString(start);
        Assert.StartsWith("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ", text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n\u00FF\u00D8", text, StringComparison.Ordinal);

        foreach (HttpResponseMessage viewer in viewers) { viewer.Dispose(); }
        for (int tries = 0; tries < 100 && (await StatusAsync()).GetProperty("viewers").GetInt32() > 0; tries++) { await Task.Delay(50, Stop); }
        Assert.Equal(0, (await StatusAsync()).GetProperty("viewers").GetInt32());
    }

    [Fact(Timeout = 60_000)]
    public async Task The_live_picture_of_a_stopped_stream_hung_without_an_answer()
    {
        using HttpResponseMessage watching = await _server.Client.GetAsync("/v1/streams/street/mjpeg", HttpCompletionOption.ResponseHeadersRead, Stop);
        for (int tries = 0; tries < 200 && (await StatusAsync()).GetProperty("latency").GetDouble() == 0; tries++) { await Task.Delay(50, Stop); }
        Assert.True((await StatusAsync()).GetProperty("latency").GetDouble() > 0);
        await _server.Client.DeleteAsync("/v1/streams/street", Stop);

        // Whoever looked is told the end; whoever comes learns how to start it.
        await watching.Content.CopyToAsync(Stream.Null, Stop);
        using HttpResponseMessage refused = await _server.Client.GetAsync("/v1/streams/street/mjpeg", HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop));
        Assert.Equal("The stream \"street\" does not run: it is stopped.", problem.RootElement.GetProperty("detail").GetString());
        Assert.Equal("Start it: POST /v1/streams {\"id\": \"street\"}.", problem.RootElement.GetProperty("remedy").GetString());
        JsonElement stopped = await StatusAsync();
        Assert.Equal((0, 0), (stopped.GetProperty("framesPerSecond").GetDouble(), stopped.GetProperty("latency").GetDouble()));
        // The page watches it by events and by its socket: they tell the state.
        using StreamReader events = await OpenEventsAsync("street");
        Assert.Equal("event: state", await events.ReadLineAsync(Stop));
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_streams_of_one_address_could_not_be_told_apart()
    {
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Streams.Add(new("front", s_video));
            options.Streams.Add(new("back", s_video));
        });
        foreach (string id in (string[])["front", "back"])
        {
            using StreamReader events = new(await server.Client.GetStreamAsync($"/v1/streams/{id}/events", Stop));
            Assert.Equal(id, (await ReadResultsAsync(events, 1))[0].GetProperty("result").GetProperty("source").GetString());
            using JsonDocument status = JsonDocument.Parse(await server.Client.GetStringAsync($"/v1/streams/{id}", Stop));
            Assert.Equal(s_video, status.RootElement.GetProperty("source").GetString());
        }
        string metrics = await server.Client.GetStringAsync("/metrics", Stop);
        Assert.Matches("openvocab_frames_read_total\\{[^}]*source=\"front\"", metrics);
        Assert.Matches("openvocab_frames_read_total\\{[^}]*source=\"back\"", metrics);
        Assert.DoesNotMatch($"source=\"{System.Text.RegularExpressions.Regex.Escape(s_video)}\"", metrics);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_camera_that_goes_away_is_shown_as_lost_and_the_others_go_on()
    {
        byte[] stream = await File.ReadAllBytesAsync(TestVideos.Make(_folder["v.ts"], null, "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p"), Stop);
        await using FaultyStreamServer camera = new(stream, StreamFault.HalfThenClose, StreamFault.NotFound, StreamFault.Endless);
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Streams.Add(new("street", s_video));
            options.Streams.Add(new("camera", camera.Address.Replace("http://", "http://me:geheim@", StringComparison.Ordinal)));
            options.Source = options.Source with { Live = new() { Backoff = [TimeSpan.FromMilliseconds(200)] } };
        });
        HashSet<string> states = [];
        JsonElement status = default;
        for (int tries = 0; tries < 400 && !(states.Contains("waiting") && status.GetProperty("state").GetString() == "live"); tries++)
        {
            await Task.Delay(25, Stop);
            string text = await server.Client.GetStringAsync("/v1/streams/camera", Stop);
            Assert.DoesNotContain("geheim", text, StringComparison.Ordinal);
            status = JsonDocument.Parse(text).RootElement;
            states.Add(status.GetProperty("state").GetString()!);
        }
        Assert.Contains("waiting", states);
        Assert.Equal("live", status.GetProperty("state").GetString());
        // Lost once: the try that found nothing is no second loss.
        Assert.Equal(1, status.GetProperty("reconnects").GetInt32());
        JsonElement street = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/streams/street", Stop)).RootElement;
        Assert.Equal("live", street.GetProperty("state").GetString());
        string metrics = await server.Client.GetStringAsync("/metrics", Stop);
        Assert.Contains("openvocab_source_state_changes_total", metrics, StringComparison.Ordinal);
        Assert.Contains("state=\"waiting\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", metrics, StringComparison.Ordinal);
    }

    private async Task<StreamReader> OpenEventsAsync(string id) => new(await _server.Client.GetStreamAsync($"/v1/streams/{id}/events", Stop));

    private static async Task<List<JsonElement>> ReadResultsAsync(StreamReader events, int count)
    {
        List<JsonElement> results = [];
        bool isResult = false;
        while (results.Count < count)
        {
            string line = (await events.ReadLineAsync(Stop))!;
            if (line.StartsWith("event: ", StringComparison.Ordinal)) { isResult = line == "event: result"; }
            else if (isResult && line.StartsWith("data: ", StringComparison.Ordinal)) { results.Add(JsonDocument.Parse(line[6..]).RootElement); }
        }
        return results;
    }

    private async Task<JsonElement> StatusAsync() => JsonDocument.Parse(await _server.Client.GetStringAsync("/v1/streams/street", Stop)).RootElement;

    private async Task WaitForStateAsync(string state)
    {
        for (int tries = 0; tries < 200 && (await StatusAsync()).GetProperty("state").GetString() != state; tries++) { await Task.Delay(50, Stop); }
        Assert.Equal(state, (await StatusAsync()).GetProperty("state").GetString());
    }

    private static IEnumerable<JsonElement> Detections(JsonElement result) => result.GetProperty("result").GetProperty("detections").EnumerateArray();

    private static IEnumerable<string> Classes(JsonElement result) => Detections(result).Select(found => found.GetProperty("class").GetString()!);
}
