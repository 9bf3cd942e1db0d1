using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace OpenVocab.Models.Catalog;

/// <summary>One try to get a file, or the rest of it. What a server says is checked before its bytes are believed.</summary>
internal sealed class DownloadAttempt(FileClient client, WantedFile wanted, PartialFile part, DownloadOptions options, Action<long, long?> received)
{
    private const int BlockBytes = 128 * 1024;
    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromMinutes(2);

    private readonly Uri _address = options.AddressOf(wanted);

    /// <summary>Asks, and adds what comes to the part.</summary>
    /// <returns>Null: the part is as long as it should be. Otherwise why it is not; what came stays.</returns>
    /// <exception cref="ModelException">Trying again would not help.</exception>
    internal async Task<Interruption?> RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource silence = new(options.StallTimeout, options.Clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            // Without a validator of the same address nobody could say whether the rest belongs to the beginning.
            PartialState? version = part.Length > 0 && part.State is { CanResume: true } state && state.Address == ShownAddress.Of(_address) ? part.State : null;
            using HttpResponseMessage response = await client.GetAsync(_address, part.Length, version, either.Token).ConfigureAwait(false);
            if (Judge(response, version, out long? total) is { } reason) { return reason; }
            using Stream body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
            await TakeAsync(body, total, silence, either.Token).ConfigureAwait(false);
            if (part.Length == 0) { return new("the server sent nothing"); }
            return total is { } whole && part.Length < whole ? new($"the connection ended after {ByteCount.Of(part.Length)} of {ByteCount.Of(whole)}") : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(silence.IsCancellationRequested ? Invariant($"no byte came for {options.StallTimeout.TotalSeconds:0.#} s") : "the server could not be reached in time");
        }
        catch (HttpRequestException fault) when (fault.InnerException is AuthenticationException) { throw DownloadErrors.NotTrusted(_address, fault); }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ProxyTunnelError) { throw DownloadErrors.Proxy(_address, fault); }
        catch (Exception fault) when (fault is HttpRequestException or IOException) { return new(Explain(fault)); }
    }

    /// <summary>Decides by the headers whether the body is the file or its rest; makes the part ready for it.</summary>
    private Interruption? Judge(HttpResponseMessage response, PartialState? version, out long? total)
    {
        PartialState answer = PartialState.Of(_address, response);
        total = wanted.File.Bytes ?? answer.TotalBytes;
        if (response.IsSuccessStatusCode && response.Content.Headers.ContentEncoding.FirstOrDefault(encoding => encoding != "identity") is { } packed)
        {
            throw DownloadErrors.Refused(_address, wanted, $"with {packed}, though it was asked for the bytes as they are");
        }
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                if (JudgeWhole(response, answer) is { } reason) { return reason; }
                part.StartOver(answer);
                return null;
            case HttpStatusCode.PartialContent when version is not null && IsRest(response.Content.Headers.ContentRange) && version.Fits(answer):
                return null;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                part.StartOver(null);
                return new("the server has another file now, or another part than was asked for; it begins anew");
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                return new($"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})", RetryAfter(response.Headers.RetryAfter));
            default:
                throw DownloadErrors.Refused(_address, wanted, $"{(int)response.StatusCode} ({response.ReasonPhrase})");
        }
    }

    private Interruption? JudgeWhole(HttpResponseMessage response, PartialState answer)
    {
        // The page of a login or of a proxy comes with 200, too.
        if (response.Content.Headers.ContentType?.MediaType is "text/html") { throw DownloadErrors.Refused(_address, wanted, "with a web page instead of a file"); }
        if (answer.TotalBytes > (wanted.File.Bytes ?? DownloadOptions.LargestFile)) { throw TooLong($"speaks of {answer.TotalBytes}"); }
        if (answer.TotalBytes < wanted.File.Bytes) { return new($"the server speaks of {answer.TotalBytes} bytes; the catalogue knows {wanted.File.Bytes}"); }
        if (wanted.File.Bytes is null && answer.TotalBytes is null && response.Headers.TransferEncodingChunked != true && response.Version.Major < 2)
        {
            throw DownloadErrors.Refused(_address, wanted, "without a length, and the catalogue does not know it: a file that was cut off could not be told from a whole one");
        }
        return null;
    }

    // The rest goes to the end, and the whole is as long as it should be.
    private bool IsRest(ContentRangeHeaderValue? range) =>
        range is { Unit: "bytes", From: { } from, To: { } to, Length: { } length } && from == part.Length && to == length - 1 && length == (wanted.File.Bytes ?? length);

    private async Task TakeAsync(Stream body, long? total, CancellationTokenSource silence, CancellationToken cancellation)
    {
        byte[] block = new byte[BlockBytes];
        long most = total ?? DownloadOptions.LargestFile;
        received(part.Length, total);
        while (await body.ReadAsync(block, cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            silence.CancelAfter(options.StallTimeout);
            if (part.Length + read > most) { throw TooLong("sends more"); }
            part.Append(block.AsSpan(0, read));
            received(part.Length, total);
        }
    }

    private ModelException TooLong(string what)
    {
        part.Discard();
        return DownloadErrors.TooLong(_address, wanted, what);
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        TimeSpan? wish = header?.Delta ?? header?.Date - options.Clock.GetUtcNow();
        return wish > s_longestRetryAfter ? s_longestRetryAfter : wish;
    }

    private static string Explain(Exception fault)
    {
        Exception inner = fault.GetBaseException();
        return (fault as HttpRequestException)?.HttpRequestError == HttpRequestError.NameResolutionError ? $"the name of the server is not known here ({inner.Message})" : $"the connection failed ({inner.Message.TrimEnd('.')})";
    }
}
