using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OpenVocab.Models.Catalog;

/// <summary>Asks servers for files: follows redirects where they are harmless, and goes through the proxies that the environment names.</summary>
internal sealed class FileClient : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _client;

    /// <param name="handler">Null: the system's. Must not follow redirects, nor unpack. Disposed with this.</param>
    internal FileClient(HttpMessageHandler? handler)
    {
        _client = new(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ConnectTimeout = TimeSpan.FromSeconds(20) })
        {
            // Large files take as long as they take; the watch over silence is the caller's.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks for a file, or for its rest.</summary>
    /// <param name="address">http or https. A user name and password in it are sent to that server, and to no other.</param>
    /// <param name="from">First byte that is wanted.</param>
    /// <param name="version">Only the rest of this version; null where <paramref name="from"/> is 0.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>The headers have been read, the body not. Not necessarily a success. Belongs to the caller.</returns>
    /// <exception cref="ModelException">A redirect is refused.</exception>
    internal async Task<HttpResponseMessage> GetAsync(Uri address, long from, PartialState? version, CancellationToken cancellation)
    {
        Uri current = address;
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = Request(current, from, version);
            HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect) ||
                response.Headers.Location is not { } location)
            {
                return response;
            }
            response.Dispose();
            if (redirects == MostRedirects) { throw DownloadErrors.Redirect(address, $"more than {MostRedirects} times; it seems to go in a circle"); }
            current = Follow(address, current, location);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Uri Follow(Uri address, Uri current, Uri location)
    {
        Uri next = location.IsAbsoluteUri ? location : new Uri(current, location);
        if (next.Scheme != Uri.UriSchemeHttp && next.Scheme != Uri.UriSchemeHttps)
        {
            throw DownloadErrors.Redirect(address, $"to {ShownAddress.Of(next)}, which is neither http nor https");
        }
        if (next.Scheme == Uri.UriSchemeHttp && address.Scheme == Uri.UriSchemeHttps)
        {
            throw DownloadErrors.Redirect(address, $"to {ShownAddress.Of(next)}, which is not encrypted");
        }
        return next;
    }

    private static HttpRequestMessage Request(Uri address, long from, PartialState? version)
    {
        HttpRequestMessage request = new(HttpMethod.Get, address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = "", Password = "" }.Uri);
        request.Headers.UserAgent.ParseAdd($"OpenVocab/{typeof(FileClient).Assembly.GetName().Version?.ToString(3)}");
        // Unpacked by somebody on the way, the bytes would be others than those that were counted and hashed.
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }
        if (version is not null)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = version.ETag is { } tag ? new RangeConditionHeaderValue(tag) : new RangeConditionHeaderValue(version.LastModified!.Value);
        }
        return request;
    }
}
