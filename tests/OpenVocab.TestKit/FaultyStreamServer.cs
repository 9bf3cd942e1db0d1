using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenVocab.TestKit;

/// <summary>What a <see cref="FaultyStreamServer"/> does with one connection.</summary>
public enum StreamFault
{
    /// <summary>Serves the stream to its end, and closes.</summary>
    None,

    /// <summary>Serves the stream again and again.</summary>
    Endless,

    /// <summary>Takes the request and never answers.</summary>
    NeverAnswers,

    /// <summary>Half of the stream, and then silence.</summary>
    HalfThenStall,

    /// <summary>Half of the stream, and then the connection closes.</summary>
    HalfThenClose,

    /// <summary>Little by little, but always again.</summary>
    SlowButAlive,

    /// <summary>The stream, and then one of another size.</summary>
    ChangesSize,

    /// <summary>404 Not Found.</summary>
    NotFound,

    /// <summary>401 Unauthorized, unless the request says user <c>me</c>, password <c>p@ss word</c>.</summary>
    AsksForPassword,
}

/// <summary>An HTTP server of one video stream on loopback that misbehaves as it is told: each connection takes the next fault of the list, the last one stays.</summary>
public sealed class FaultyStreamServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _stream;
    private readonly byte[] _other;
    private readonly StreamFault[] _faults;
    private readonly SemaphoreSlim _connected = new(0);
    private readonly Task _serving;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="stream">An MPEG transport stream.</param>
    /// <param name="faults">One per connection.</param>
    public FaultyStreamServer(byte[] stream, params StreamFault[] faults) : this(stream, stream, faults) { }

    /// <summary>Begins to listen.</summary>
    /// <param name="stream">An MPEG transport stream.</param>
    /// <param name="other">Follows it in <see cref="StreamFault.ChangesSize"/>.</param>
    /// <param name="faults">One per connection.</param>
    public FaultyStreamServer(byte[] stream, byte[] other, params StreamFault[] faults)
    {
        (_stream, _other, _faults) = (stream, other, faults);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Address of the stream.</summary>
    public string Address => $"http://127.0.0.1:{Port}/camera";

    /// <summary>How many connections were made so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Waits for the next connection that nobody has waited for yet.</summary>
    public Task WaitForConnectionAsync(CancellationToken cancellationToken) => _connected.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
        _connected.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                int number = Interlocked.Increment(ref _connections);
                open.Add(AnswerAsync(client, _faults[Math.Min(number, _faults.Length) - 1]));
                _connected.Release();
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException) { }
        await Task.WhenAll(open);
    }

    private async Task AnswerAsync(TcpClient client, StreamFault fault)
    {
        using TcpClient owned = client;
        try
        {
            NetworkStream stream = client.GetStream();
            string request = await ReadRequestAsync(stream);
            int half = _stream.Length / 2 / 188 * 188;
            switch (fault)
            {
                case StreamFault.NeverAnswers:
                    await UntilClientLeavesAsync(stream);
                    break;
                case StreamFault.NotFound:
                    await Say(stream, "404 Not Found");
                    break;
                case StreamFault.AsksForPassword when !request.Contains(Convert.ToBase64String("me:p@ss word"u8), StringComparison.Ordinal):
                    await Say(stream, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"camera\"\r\n");
                    break;
                case StreamFault.HalfThenStall:
                    await Say(stream, "200 OK");
                    await stream.WriteAsync(_stream.AsMemory(0, half), _stop.Token);
                    await UntilClientLeavesAsync(stream);
                    break;
                case StreamFault.HalfThenClose:
                    await Say(stream, "200 OK", $"Content-Length: {_stream.Length}\r\n");
                    await stream.WriteAsync(_stream.AsMemory(0, half), _stop.Token);
                    break;
                case StreamFault.SlowButAlive:
                    await Say(stream, "200 OK");
                    for (int at = 0; at < _stream.Length; at += 40 * 188)
                    {
                        await stream.WriteAsync(_stream.AsMemory(at, Math.Min(40 * 188, _stream.Length - at)), _stop.Token);
                        await Task.Delay(50, _stop.Token);
                    }
                    await UntilClientLeavesAsync(stream);
                    break;
                case StreamFault.ChangesSize:
                    await Say(stream, "200 OK");
                    await stream.WriteAsync(_stream, _stop.Token);
                    await stream.WriteAsync(_other, _stop.Token);
                    break;
                case StreamFault.Endless:
                    await Say(stream, "200 OK");
                    while (true) { await stream.WriteAsync(_stream, _stop.Token); }
                default:
                    await Say(stream, "200 OK", $"Content-Length: {_stream.Length}\r\n");
                    await stream.WriteAsync(_stream, _stop.Token);
                    break;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException) { }
    }

    private async Task UntilClientLeavesAsync(NetworkStream stream)
    {
        byte[] nothing = new byte[64];
        while (await stream.ReadAsync(nothing, _stop.Token) > 0) { }
    }

    private async Task Say(NetworkStream stream, string status, string headers = "") =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: video/mp2t\r\n{headers}Connection: close\r\n\r\n"), _stop.Token);

    private async Task<string> ReadRequestAsync(NetworkStream stream)
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
}
