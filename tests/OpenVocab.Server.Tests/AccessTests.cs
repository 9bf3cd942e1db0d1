using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OpenVocab.Server.Tests;

public class AccessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_token_only_names_of_this_machine_are_answered()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.AllowedHosts.Add("camera.local"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Host", $"localhost:{server.Address.Port}")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Host", "camera.local")));
        // A name that somebody made to point here (DNS rebinding).
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "/v1/classes", ("Host", "evil.example")));
    }

    [Fact]
    public async Task Pages_of_other_origins_are_refused_unless_allowed()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        string own = server.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Origin", own)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Origin", "https://friend.example")));
        using HttpRequestMessage ahead = new(HttpMethod.Options, "/v1/classes") { Headers = { { "Origin", "https://friend.example" }, { "Access-Control-Request-Method", "PUT" }, { "Access-Control-Request-Headers", "authorization" } } };
        using HttpResponseMessage may = await server.Client.SendAsync(ahead, Stop);
        Assert.Equal("https://friend.example", Assert.Single(may.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("PUT", Assert.Single(may.Headers.GetValues("Access-Control-Allow-Methods")));
        foreach (string origin in (string[])["https://evil.example", "null", own + "0", own.Replace("http:", "https:", StringComparison.Ordinal)])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "/v1/classes", ("Origin", origin)));
        }
    }

    /// <summary>No-cors requests, of an image for instance, have no Origin.</summary>
    [Fact]
    public async Task A_page_of_another_site_could_embed_the_live_picture()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        (string, string) foreign = ("Sec-Fetch-Site", "cross-site"), image = ("Sec-Fetch-Dest", "image");
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "/v1/classes", foreign, image));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "/", foreign, ("Sec-Fetch-Dest", "iframe")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, "/v1/classes", foreign));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/", foreign, ("Sec-Fetch-Dest", "document")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Sec-Fetch-Site", "same-origin"), image));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", foreign, image, ("Origin", "https://friend.example")));
    }

    [Theory, InlineData("/"), InlineData("/v1/classes"), InlineData("/v1/nothing"), InlineData("/v1/streams/none"), InlineData("/metrics"), InlineData("/v1/detect?x=1")]
    public async Task Every_reply_says_who_may_show_it(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage reply = path.Contains("detect", StringComparison.Ordinal) ? await server.Client.PostAsync(path, null, Stop) : await server.Client.GetAsync(path, Stop);
        Assert.Equal("nosniff", Assert.Single(reply.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(reply.Headers.GetValues("Cross-Origin-Resource-Policy")));
    }

    [Theory, InlineData("nonsense"), InlineData("example.org"), InlineData("https://example.org/"), InlineData("https://example.org/page"), InlineData("https://me@example.org"), InlineData("https://example.org:443"), InlineData("*")]
    public void An_origin_that_no_browser_sends_was_taken(string origin)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => OpenVocabServer.Create(IPAddress.Loopback, 0, options => options.AllowedOrigins.Add(origin)));
        Assert.Contains($"\"{origin}\" is no origin; write scheme://host", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_whoever_asks_must_know_it()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Token = "correct horse");
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "/v1/classes"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "/metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "/openapi.json"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "/v1/classes", ("Authorization", "Bearer wrong horse")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Authorization", "Bearer correct horse")));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/health/live"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/page/app.js"));

        using HttpResponseMessage wrong = await server.Client.PostAsJsonAsync("/v1/session", new { token = "x" }, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using HttpResponseMessage session = await server.Client.PostAsJsonAsync("/v1/session", new { token = "correct horse" }, Stop);
        string cookie = Assert.Single(session.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("horse", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server, "/v1/classes", ("Cookie", cookie.Split(';')[0])));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, "/v1/classes", ("Cookie", "openvocab=correct horse")));
    }

    [Fact]
    public void Elsewhere_than_on_loopback_a_token_is_needed_and_a_short_one_is_none()
    {
        Assert.Contains("needs a token", Assert.Throws<ArgumentException>(() => OpenVocabServer.Create(IPAddress.Any, 0, _ => { })).Message, StringComparison.Ordinal);
        Assert.Contains("at least 8", Assert.Throws<ArgumentException>(() => OpenVocabServer.Create(IPAddress.Loopback, 0, options => options.Token = "short")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_metrics_description_and_unknown_addresses()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal("ready", await server.Client.GetStringAsync("/health/ready", Stop));
        Assert.Contains("http_server_request_duration", await server.Client.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);
        using JsonDocument description = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi.json", Stop));
        string[] paths = [.. description.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
        Assert.Equal(["/v1/classes", "/v1/detect", "/v1/seen", "/v1/seen/{id}.jpg", "/v1/session", "/v1/streams", "/v1/streams/{id}", "/v1/streams/{id}/events", "/v1/streams/{id}/follow", "/v1/streams/{id}/mjpeg", "/v1/streams/{id}/socket"], paths.Order(StringComparer.Ordinal));
        Assert.True(description.RootElement.GetProperty("paths").GetProperty("/v1/detect").GetProperty("post").TryGetProperty("requestBody", out _));
        Assert.Contains("service_name=\"openvocab\"", await server.Client.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);
        using HttpResponseMessage head = await server.Client.SendAsync(new(HttpMethod.Head, "/"), Stop);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (head.StatusCode, head.Content.Headers.ContentType?.MediaType));
        using HttpResponseMessage unknown = await server.Client.GetAsync("/v1/nothing", Stop);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        Assert.Empty(unknown.Headers.Server);
    }

    [Fact]
    public async Task The_description_says_how_each_address_refuses()
    {
        await using TestServer server = await TestServer.StartAsync();
        using JsonDocument description = JsonDocument.Parse(await server.Client.GetStringAsync("/openapi.json", Stop));
        string Replies(string path, string method) => string.Join(' ', description.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses").EnumerateObject().Select(reply => reply.Name).Order(StringComparer.Ordinal));
        Assert.Equal("200 400 401 403 413 429 503", Replies("/v1/detect", "post"));
        Assert.Equal("200 401 403", Replies("/v1/classes", "get"));
        Assert.Equal("200 400 401 403 413", Replies("/v1/classes", "put"));
        Assert.Equal("200 400 401 403 404 413 415", Replies("/v1/streams", "post"));
        Assert.Equal("200 400 401 403 404 413 415", Replies("/v1/streams/{id}/follow", "put"));
        Assert.Equal("200 401 403 404 409 429", Replies("/v1/streams/{id}/mjpeg", "get"));
        JsonElement detect = description.RootElement.GetProperty("paths").GetProperty("/v1/detect").GetProperty("post");
        JsonElement conf = detect.GetProperty("parameters").EnumerateArray().Single(parameter => parameter.GetProperty("name").GetString() == "conf");
        Assert.Equal("number", conf.GetProperty("schema").GetProperty("type").GetString());
        Assert.True(description.RootElement.GetProperty("paths").GetProperty("/v1/streams").GetProperty("post").TryGetProperty("requestBody", out _));
    }

    [Theory]
    [InlineData("", "empty"), InlineData("{\"classes\":5}", "a text or a list of texts"), InlineData("{\"clas", "no JSON"), InlineData("{\"classes\":\"a\",\"threshold\":7}", "between 0 and 1"),
     InlineData("dog, dog", "dog"), InlineData("{\"classes\":[\"dog\",5]}", "classes[1] is a number")]
    public async Task Words_that_cannot_be_used_are_named_and_the_old_ones_stay(string body, string words)
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("cat"));
        using HttpResponseMessage reply = await server.Client.PutAsync("/v1/classes", new StringContent(body), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(words, await reply.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Contains("\"text\":\"cat\"", await server.Client.GetStringAsync("/v1/classes", Stop), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(TestServer server, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach ((string name, string value) in headers) { request.Headers.TryAddWithoutValidation(name, value); }
        using HttpResponseMessage reply = await server.Client.SendAsync(request, Stop);
        return reply.StatusCode;
    }
}
