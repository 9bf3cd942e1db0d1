using System.Net;
using System.Text;
using System.Text.Json;

namespace OpenVocab.Server.Tests;

/// <summary>What is wrong with a request is said in sentences of ours, with what to do.</summary>
public sealed class RefusalTests : IAsyncLifetime
{
    private static readonly string[] s_frameworkWords = ["Parameter", "Failed to", "Implicit", "Index was", "System.", "JsonElement", "NullReference", "could not be converted"];
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(options => options.Streams.Add(new("street", RepositoryFiles.Get("samples", "media", "pedestrians.mp4"))));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("{\"track\":true,\"regions\":[null]}", "regions[0] is null; it must be an object")]
    [InlineData("{\"track\":true,\"regions\":[{\"points\":[1,2,3,4]}]}", "regions[0].name is missing; it must be a text")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":null,\"points\":[1,2,3,4]}]}", "regions[0].name is null")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"a\"}]}", "regions[0].points is missing; it must be a list")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"a\",\"points\":[1,2,3,null]}]}", "regions[0].points[3] is null; it must be a number")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"a\",\"points\":[1,2]}]}", "has 2 numbers")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\" \",\"points\":[1,2,3,4]}]}", "name of a line or zone is empty")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"a\",\"points\":[1,1,2,2,3,3]}]}", "has no area")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"\\ud800\",\"points\":[1,2,3,4]}]}", "half of a letter")]
    [InlineData("{\"track\":true,\"regions\":[{\"name\":\"a\",\"points\":[1,2,3,4],\"colour\":1}]}", "regions[0] has a field \"colour\", which is not known; there are name, points")]
    [InlineData("{\"trak\":true}", "a field \"trak\", which is not known; there are track, regions")]
    [InlineData("{\"track\":1}", "track is a number; it must be true or false")]
    [InlineData("{\"regions\":null}", "regions is null; it must be a list"), InlineData("[]", "The body is a list; it must be an object"), InlineData("", "The body is empty"), InlineData("{", "no JSON")]
    public async Task What_to_follow_is_read_strictly(string body, string words) => await AssertRefusedAsync(HttpStatusCode.BadRequest, words, HttpMethod.Put, "/v1/streams/street/follow", Json(body));

    [Theory]
    [InlineData("{}", "id is missing; it must be a text"), InlineData("{\"id\":5}", "id is a number"), InlineData("{\"id\":\"street\",\"source\":\"/etc/passwd\"}", "\"source\", which is not known; there is id"), InlineData("null", "The body is null")]
    public async Task Which_stream_to_start_is_read_strictly(string body, string words) => await AssertRefusedAsync(HttpStatusCode.BadRequest, words, HttpMethod.Post, "/v1/streams", Json(body));

    [Theory]
    [InlineData("{\"classes\":\"dog\",\"conf\":0.3}", "\"conf\", which is not known; there are classes, threshold"), InlineData("{\"classes\":[\"a\",null]}", "classes[1] is null"), InlineData("{\"classes\":\"a\",\"threshold\":\"0.5\"}", "threshold is a text"),
     InlineData("{\"threshold\":0.5}", "classes is missing")]
    public async Task Words_are_read_strictly(string body, string words) => await AssertRefusedAsync(HttpStatusCode.BadRequest, words, HttpMethod.Put, "/v1/classes", Json(body));

    [Theory, InlineData("PUT", "/v1/classes"), InlineData("PUT", "/v1/streams/street/follow"), InlineData("POST", "/v1/streams"), InlineData("POST", "/v1/session")]
    public async Task Bytes_that_are_no_text_were_read_as_some(string method, string path)
    {
        ByteArrayContent body = new([(byte)'{', (byte)'"', 0xE4, (byte)'"', (byte)'}']);
        body.Headers.ContentType = new("application/json");
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "no UTF-8: byte 2", new HttpMethod(method), path, body);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_word()
    {
        using HttpResponseMessage reply = await _server.Client.PutAsync("/v1/classes", new ByteArrayContent([0xEF, 0xBB, 0xBF, .. "dog"u8]), Stop);
        Assert.Contains("\"text\":\"dog\"", await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound), InlineData("GET", "/v1/streams/none", HttpStatusCode.NotFound), InlineData("GET", "/page/none.js", HttpStatusCode.NotFound), InlineData("PATCH", "/v1/classes", HttpStatusCode.MethodNotAllowed),
     InlineData("POST", "/v1/streams", HttpStatusCode.UnsupportedMediaType), InlineData("POST", "/v1/session", HttpStatusCode.UnsupportedMediaType), InlineData("GET", "/v1/streams/street/socket", HttpStatusCode.BadRequest)]
    public async Task Every_refusal_has_a_remedy(string method, string path, HttpStatusCode status) => await AssertRefusedAsync(status, "", new HttpMethod(method), path, method == "POST" ? new StringContent("id=street") : null);

    [Fact]
    public async Task Refusals_at_the_door_have_a_remedy()
    {
        await using TestServer closed = await TestServer.StartAsync(options => options.Token = "correct horse");
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, "token", HttpMethod.Get, "/v1/classes", null, closed);
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, "wrong", HttpMethod.Post, "/v1/session", Json("{\"token\":\"x\"}"), closed);
        using HttpRequestMessage foreign = new(HttpMethod.Get, "/v1/classes") { Headers = { { "Origin", "https://evil.example" } } };
        using HttpResponseMessage reply = await closed.Client.SendAsync(foreign, Stop);
        await AssertProblemAsync(reply, HttpStatusCode.Forbidden, "evil.example");
        using HttpResponseMessage large = await _server.Client.PutAsync("/v1/classes", new StringContent(new string('a', 100_000)), Stop);
        await AssertProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "larger than");
    }

    private async Task AssertRefusedAsync(HttpStatusCode status, string words, HttpMethod method, string path, HttpContent? body, TestServer? server = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        // Whatever a client would rather see: a refusal is JSON.
        request.Headers.TryAddWithoutValidation("Accept", "text/html, image/jpeg");
        using HttpResponseMessage reply = await (server ?? _server).Client.SendAsync(request, Stop);
        await AssertProblemAsync(reply, status, words);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage reply, HttpStatusCode status, string words)
    {
        string text = await reply.Content.ReadAsStringAsync(Stop);
        Assert.True(status == reply.StatusCode, text);
        Assert.Equal("application/problem+json", reply.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(text);
        string detail = problem.RootElement.TryGetProperty("detail", out JsonElement told) ? told.GetString()! : "";
        Assert.Contains(words, detail, StringComparison.Ordinal);
        Assert.NotEmpty(problem.RootElement.GetProperty("remedy").GetString()!);
        Assert.All(s_frameworkWords, word => Assert.DoesNotContain(word, detail, StringComparison.Ordinal));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
