using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace OpenVocab.Server.Tests;

public sealed class DetectEndpointTests : IAsyncLifetime
{
    private static readonly byte[] s_dogs = File.ReadAllBytes(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(options => (options.Classes, options.MaxWaiting) = (OpenVocab.Prompts.PromptSet.Of("cat"), 2));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory, InlineData("image/jpeg"), InlineData("application/octet-stream"), InlineData("application/x-www-form-urlencoded"), InlineData(null)]
    public async Task A_picture_as_the_raw_body_gives_the_line_that_predict_writes(string? type)
    {
        using JsonDocument reply = await ReadJsonAsync(await PostAsync("/v1/detect?classes=dog", Body(s_dogs, type)));

        Assert.Equal((852, 1280), (reply.RootElement.GetProperty("width").GetInt32(), reply.RootElement.GetProperty("height").GetInt32()));
        JsonElement[] found = [.. reply.RootElement.GetProperty("detections").EnumerateArray()];
        Assert.NotEmpty(found);
        Assert.All(found, detection => Assert.Equal("dog", detection.GetProperty("class").GetString()));
        Assert.Equal(["source", "frame", "time", "width", "height", "detections", "timings"], reply.RootElement.EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task A_form_names_its_file_and_the_words_of_a_request_are_its_own()
    {
        using MultipartFormDataContent form = new() { { new ByteArrayContent(s_dogs), "file", "../../two dogs.jpg" } };
        using JsonDocument reply = await ReadJsonAsync(await _server.Client.PostAsync("/v1/detect?classes=dog&conf=0.3", form, Stop));
        Assert.Equal("two dogs.jpg", reply.RootElement.GetProperty("source").GetString());
        Assert.All(reply.RootElement.GetProperty("detections").EnumerateArray(), detection => Assert.True(detection.GetProperty("score").GetSingle() > 0.3f));

        using JsonDocument classes = JsonDocument.Parse(await _server.Client.GetStringAsync("/v1/classes", Stop));
        Assert.Equal("cat", classes.RootElement.GetProperty("text").GetString());
    }

    [Theory, InlineData("image/jpeg", "image/jpeg"), InlineData("image/*", "image/jpeg"), InlineData("image/png", "image/png"), InlineData("image/avif,image/webp,image/*;q=0.8", "image/jpeg"),
     InlineData("application/json", "application/json"), InlineData("*/*", "application/json"), InlineData("image/png;q=0.2, application/json", "application/json"), InlineData("image/jpeg;q=0", "application/json")]
    public async Task The_client_says_whether_it_wants_the_picture(string accept, string type)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/detect?classes=dog") { Content = Body(s_dogs, "image/jpeg") };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage reply = await _server.Client.SendAsync(request, Stop);
        Assert.Equal(type, reply.Content.Headers.ContentType!.MediaType);
        if (type == "application/json") { return; }
        using OpenCvSharp.Mat picture = OpenVocab.Imaging.ImageFile.Decode(await reply.Content.ReadAsByteArrayAsync(Stop), "reply");
        Assert.Equal((852, 1280), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task What_is_no_picture_is_refused_with_problem_details_and_no_stack_trace()
    {
        (HttpStatusCode Status, string Words, byte[] Body)[] cases =
        [
            (HttpStatusCode.BadRequest, "empty", []),
            (HttpStatusCode.BadRequest, "no picture", "hello"u8.ToArray()),
            (HttpStatusCode.BadRequest, "cut off", s_dogs[..(s_dogs.Length / 2)]),
            (HttpStatusCode.RequestEntityTooLarge, "at most 25 megapixels", PngHeader(30_000, 30_000)),
            (HttpStatusCode.RequestEntityTooLarge, "larger than", new byte[21_000_000]),
        ];
        foreach ((HttpStatusCode status, string words, byte[] body) in cases)
        {
            // A client that asks first is told before it has sent 21 MB.
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/detect") { Content = Body(body, "image/jpeg") };
            request.Headers.ExpectContinue = true;
            using HttpResponseMessage reply = await _server.Client.SendAsync(request, Stop);
            string text = await reply.Content.ReadAsStringAsync(Stop);
            Assert.Equal(status, reply.StatusCode);
            Assert.Equal("application/problem+json", reply.Content.Headers.ContentType!.MediaType);
            Assert.True(text.Contains(words, StringComparison.Ordinal), text);
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("?classes=", "empty"), InlineData("?classes=dog:x", "no number"), InlineData("?conf=7", "between 0 and 1"), InlineData("?conf=abc", "conf"), InlineData("?conf=0,5", "0,5"),
     InlineData("?conf=", "no number"), InlineData("?conf=NaN", "between 0 and 1"), InlineData("?conf=0.1&conf=0.2", "no number"), InlineData("?klasses=dog", "there are classes and conf")]
    public async Task Wrong_words_and_numbers_are_named(string query, string words)
    {
        using HttpResponseMessage reply = await PostAsync("/v1/detect" + query, Body(s_dogs, "image/jpeg"));
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(words, await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forms_that_are_none_are_bad_requests()
    {
        foreach (string body in (string[])["", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nabc", "--x\r\nnonsense"])
        {
            using ByteArrayContent content = new(Encoding.ASCII.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
            using HttpResponseMessage reply = await PostAsync("/v1/detect", content);
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        }
        using MultipartFormDataContent other = new() { { new StringContent("hello"), "name" } };
        using HttpResponseMessage nothing = await PostAsync("/v1/detect", other);
        string text = await nothing.Content.ReadAsStringAsync(Stop);
        Assert.True(text.Contains("The form has no", StringComparison.Ordinal), text);
        using MultipartFormDataContent two = new() { { new ByteArrayContent(s_dogs), "file", "a.jpg" }, { new ByteArrayContent(s_dogs), "file", "b.jpg" } };
        using HttpResponseMessage both = await PostAsync("/v1/detect", two);
        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
        Assert.Contains("The form has 2 files", await both.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_at_once_are_told_to_come_back()
    {
        HttpResponseMessage[] replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => PostAsync("/v1/detect?classes=dog", Body(s_dogs, "image/jpeg"))));

        Assert.Contains(replies, reply => reply.StatusCode == HttpStatusCode.OK);
        HttpResponseMessage refused = replies.First(reply => reply.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
        Assert.All(replies, reply => Assert.True(reply.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        foreach (HttpResponseMessage reply in replies) { reply.Dispose(); }
    }

    [Fact]
    public async Task Pictures_that_never_arrive_kept_all_others_waiting()
    {
        await using TestServer server = await TestServer.StartAsync(options => (options.Classes, options.MaxWaiting, options.MaxUploads) = (OpenVocab.Prompts.PromptSet.Of("dog"), 0, 2));
        List<TcpClient> stalled = [];
        // The server asks for the body only when the upload has its place: what is sent after this meets it there.
        async Task<bool> TryStallAsync()
        {
            TcpClient client = new();
            stalled.Add(client);
            await client.ConnectAsync(server.Address.Host, server.Address.Port, Stop);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/detect HTTP/1.1\r\nHost: {server.Address.Authority}\r\nExpect: 100-continue\r\nContent-Length: {s_dogs.Length}\r\n\r\n"), Stop);
            byte[] reply = new byte[256];
            string head = Encoding.ASCII.GetString(reply, 0, await stream.ReadAsync(reply, Stop));
            if (!head.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal)) { return false; }
            await stream.WriteAsync(s_dogs.AsMemory(0, 1000), Stop);
            return true;
        }
        // A request that was answered gives its place back a moment after its answer.
        async Task StallAsync()
        {
            for (int tries = 0; tries < 100 && !await TryStallAsync(); tries++) { await Task.Delay(50, Stop); }
        }
        async Task<HttpStatusCode> SendAsync()
        {
            using HttpResponseMessage reply = await server.Client.PostAsync("/v1/detect", Body(s_dogs, "image/jpeg"), Stop);
            return reply.StatusCode;
        }
        await StallAsync();
        await StallAsync();
        Assert.Equal(HttpStatusCode.OK, await SendAsync());
        // They are bounded all the same: each holds memory.
        await StallAsync();
        HttpStatusCode status = await SendAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, status);

        foreach (TcpClient client in stalled) { client.Dispose(); }
        for (int tries = 0; tries < 100 && status != HttpStatusCode.OK; tries++)
        {
            await Task.Delay(50, Stop);
            status = await SendAsync();
        }
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task What_takes_too_long_is_given_up_with_503()
    {
        await using TestServer slow = await TestServer.StartAsync(options => options.RequestTimeout = TimeSpan.FromMilliseconds(300));
        // Half of a picture, and then silence.
        using TcpClient client = new();
        await client.ConnectAsync(slow.Address.Host, slow.Address.Port, Stop);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/detect HTTP/1.1\r\nHost: {slow.Address.Authority}\r\nContent-Length: {s_dogs.Length}\r\n\r\n"), Stop);
        await stream.WriteAsync(s_dogs.AsMemory(0, s_dogs.Length / 2), Stop);
        byte[] buffer = new byte[4096];
        string reply = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, Stop));
        Assert.StartsWith("HTTP/1.1 503 ", reply, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1", reply, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent content) => _server.Client.PostAsync(path, content, Stop);

    private static ByteArrayContent Body(byte[] bytes, string? type)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        return content;
    }

    private static async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage reply)
    {
        using HttpResponseMessage owned = reply;
        string text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text);
    }

    private static byte[] PngHeader(int width, int height)
    {
        byte[] header = [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(20), height);
        return header;
    }
}
