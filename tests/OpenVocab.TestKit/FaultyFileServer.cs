using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenVocab.TestKit;

/// <summary>An HTTP server of one file on loopback that misbehaves as it is told: each request takes the next fault of the list, the last one stays.</summary>
public sealed partial class FaultyFileServer : IAsyncDisposable
{
    private const string ETag = "\"first\"", OtherETag = "\"second\"";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _file;
    private readonly byte[] _other;
    private readonly FileFault[] _faults;
    private readonly SemaphoreSlim _stalled = new(0);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="file">What it serves, under every path.</param>
    /// <param name="faults">One per request.</param>
    public FaultyFileServer(byte[] file, params FileFault[] faults) : this(file, certificate: null, faults) { }

    /// <summary>Begins to listen.</summary>
    /// <param name="file">What it serves, under every path.</param>
    /// <param name="certificate">https with this one; null: http. Stays the caller's.</param>
    /// <param name="faults">One per request.</param>
    public FaultyFileServer(byte[] file, X509Certificate2? certificate, params FileFault[] faults)
    {
        (_file, _faults, Certificate) = (file, faults, certificate);
        _other = [.. file.Select(value => (byte)~value)];
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What https shows; null: http.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Begins with <c>http://127.0.0.1:</c> or <c>https://127.0.0.1:</c>, without a slash at its end.</summary>
    public string Address => $"{(Certificate is null ? "http" : "https")}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The requests so far, as they came: line and headers.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>What <see cref="FileFault.AnotherFile"/> and <see cref="FileFault.ChangedSince"/> serve.</summary>
    public byte[] Other => [.. _other];

    /// <summary>A certificate for 127.0.0.1 that nobody vouches for.</summary>
    public static X509Certificate2 MakeCertificate()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 signed = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <summary>Waits until a request has got all that it will get before silence.</summary>
    public Task WaitForStallAsync(CancellationToken cancellationToken) => _stalled.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // In this order: a listener that is gone refuses to be asked for the next connection.
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
        _stalled.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                open.Add(AnswerAsync(client));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException) { }
        await Task.WhenAll(open);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            await using Stream stream = await OpenAsync(client);
            string request = await ReadRequestAsync(stream);
            if (request.Length == 0) { return; }
            _requests.Enqueue(request);
            await AnswerAsync(stream, request, _faults[Math.Min(_requests.Count, _faults.Length) - 1]);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException or SocketException or AuthenticationException) { }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (Certificate is null) { return client.GetStream(); }
        SslStream secure = new(client.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return secure;
    }

    private Task AnswerAsync(Stream stream, string request, FileFault fault) => fault switch
    {
        FileFault.NeverAnswers => StallAsync(stream),
        FileFault.NotFound => Say(stream, "404 Not Found", "Content-Length: 0\r\n"),
        FileFault.Unavailable => Say(stream, "503 Service Unavailable", "Retry-After: 7\r\nContent-Length: 0\r\n"),
        FileFault.RangeNotSatisfiable => Say(stream, "416 Range Not Satisfiable", $"Content-Range: bytes */{_file.Length}\r\nContent-Length: 0\r\n"),
        FileFault.WebPage => Say(stream, "200 OK", "Content-Type: text/html; charset=utf-8\r\nContent-Length: 13\r\n", "<html></html>"u8.ToArray()),
        FileFault.Empty => Say(stream, "200 OK", "Content-Length: 0\r\n"),
        FileFault.Redirects => Redirect(stream, "/elsewhere?signature=secret"),
        FileFault.RedirectsInCircles => Redirect(stream, "/circle"),
        FileFault.RedirectsToDisk => Redirect(stream, "file:///etc/passwd"),
        FileFault.RedirectsToPlain => Redirect(stream, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/plain"),
        FileFault.DeclaresLess => Say(stream, "200 OK", $"Content-Length: {_file.Length / 2}\r\n", _file[..(_file.Length / 2)]),
        FileFault.DeclaresMore => Say(stream, "200 OK", $"Content-Length: {_file.Length + 100}\r\n", _file),
        FileFault.DeclaresNothing => Say(stream, "200 OK", "", _file),
        FileFault.SendsInChunks => Chunks(stream, _file),
        FileFault.SendsMoreInChunks => Chunks(stream, _file, new byte[100]),
        FileFault.Packs => Say(stream, "200 OK", $"Content-Encoding: br\r\nContent-Length: {_file.Length}\r\n", _file),
        FileFault.AnswersWithAnotherRange => Say(stream, "206 Partial Content", $"Content-Range: bytes 0-{_file.Length - 1}/{_file.Length}\r\nContent-Length: {_file.Length}\r\nETag: {ETag}\r\n", _file),
        _ => ServeFileAsync(stream, request, fault),
    };

    private async Task ServeFileAsync(Stream stream, string request, FileFault fault)
    {
        bool changed = fault is FileFault.ChangedSince or FileFault.ChangedAndIgnoresIfRange;
        byte[] file = changed || fault == FileFault.AnotherFile ? _other : _file;
        string validator = fault switch
        {
            FileFault.DropsMidwayWithoutValidator => "",
            FileFault.DropsMidwayWithWeakValidator => "ETag: W/\"weak\"\r\nDate: Fri, 02 Jan 2026 00:00:05 GMT\r\nLast-Modified: Fri, 02 Jan 2026 00:00:04 GMT\r\n",
            FileFault.DropsMidwayWithDate => "Date: Fri, 02 Jan 2026 00:00:00 GMT\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
            _ => $"ETag: {(changed ? OtherETag : ETag)}\r\n",
        };
        bool holds = IfRange().Match(request) is not { Success: true } condition || condition.Groups[1].Value == (changed ? OtherETag : ETag) || condition.Groups[1].Value == "Thu, 01 Jan 2026 00:00:00 GMT";
        int from = fault != FileFault.IgnoresRange && Range().Match(request) is { Success: true } range && (holds || fault == FileFault.ChangedAndIgnoresIfRange)
            ? int.Parse(range.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        byte[] body = file[from..];
        bool half = fault is FileFault.DropsMidway or FileFault.DropsMidwayWithoutValidator or FileFault.DropsMidwayWithWeakValidator or FileFault.DropsMidwayWithDate or FileFault.Stalls;
        string headers = $"Content-Length: {body.Length}\r\n{validator}" + (from > 0 ? $"Content-Range: bytes {from}-{file.Length - 1}/{file.Length}\r\n" : "");
        await Say(stream, from > 0 ? "206 Partial Content" : "200 OK", headers, half ? body[..(body.Length / 2)] : body);
        if (fault == FileFault.Stalls) { await StallAsync(stream); }
    }

    private async Task StallAsync(Stream stream)
    {
        _stalled.Release();
        byte[] nothing = new byte[64];
        while (await stream.ReadAsync(nothing, _stop.Token) > 0) { }
    }

    private Task Redirect(Stream stream, string location) => Say(stream, "302 Found", $"Location: {location}\r\nContent-Length: 0\r\n");

    private async Task Chunks(Stream stream, params byte[][] chunks)
    {
        await Say(stream, "200 OK", "Transfer-Encoding: chunked\r\n");
        foreach (byte[] chunk in (byte[][])[.. chunks, []])
        {
            await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk, .. "\r\n"u8], _stop.Token);
        }
    }

    private async Task Say(Stream stream, string status, string headers, byte[]? body = null) =>
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n"), .. body ?? []], _stop.Token);

    private async Task<string> ReadRequestAsync(Stream stream)
    {
        byte[] buffer = new byte[8192];
        int read = 0;
        while (read < buffer.Length && !buffer.AsSpan(0, read).EndsWith("\r\n\r\n"u8))
        {
            int more = await stream.ReadAsync(buffer.AsMemory(read), _stop.Token);
            if (more == 0) { break; }
            read += more;
        }
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    [GeneratedRegex(@"^Range: bytes=(\d+)-\r$", RegexOptions.Multiline)]
    private static partial Regex Range();

    [GeneratedRegex(@"^If-Range: (.+)\r$", RegexOptions.Multiline)]
    private static partial Regex IfRange();
}
