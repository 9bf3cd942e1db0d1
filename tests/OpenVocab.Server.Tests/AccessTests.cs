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
        Assert.Equal(["/v1/classes", "/v1/detect", "/v1/session", "/v1/streams", "/v1/streams/{id}", "/v1/streams/{id}/events", "/v1/streams/{id}/follow", "/v1/streams/{id}/mjpeg", "/v1/streams/{id}/socket"], paths.Order(StringComparer.Ordinal));
        Assert.True(description.RootElement.GetProperty("paths").GetProperty("/v1/detect").GetProperty("post").TryGetProperty("requestBody", out _));
        using HttpResponseMessage unknown = await server.Client.GetAsync("/v1/nothing", Stop);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        Assert.Empty(unknown.Headers.Server);
    }

    [Theory]
    [InlineData("", "empty"), InlineData("{\"classes\":5}", "neither a text nor a list"), InlineData("{\"clas", "no JSON"), InlineData("{\"classes\":\"a\",\"threshold\":7}", "between 0 and 1"),
     InlineData("dog, dog", "dog"), InlineData("{\"classes\":[\"dog\",5]}", "no JSON")]
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
