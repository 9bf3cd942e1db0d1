using System.Net.Http.Headers;
using System.Text;
using OpenVocab.Media;

namespace OpenVocab.Server.Events;

/// <summary>Posts each event as JSON to an address.</summary>
internal sealed class WebhookTarget : IEventTarget
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    private readonly Uri _address;

    /// <param name="text">http or https; a user and a password in it are sent as a header, and shown by nothing.</param>
    /// <exception cref="ArgumentException">It is no such address.</exception>
    internal WebhookTarget(string text)
    {
        Name = Ffmpeg.Redact(text);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"{Name}: this is no address for a webhook; it begins with http:// or https://.");
        }
        if (address.UserInfo.Length > 0)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
        _address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
    }

    public string Name { get; }

    public async Task SendAsync(PresenceEvent happened, byte[] json, CancellationToken cancellationToken)
    {
        using ByteArrayContent content = new(json);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage reply = await _client.PostAsync(_address, content, cancellationToken).ConfigureAwait(false);
        if (!reply.IsSuccessStatusCode) { throw new HttpRequestException($"it answered {(int)reply.StatusCode} {reply.ReasonPhrase}"); }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
