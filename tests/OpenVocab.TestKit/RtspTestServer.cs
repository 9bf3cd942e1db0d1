using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenVocab.TestKit;

/// <summary>
/// A small RTSP server on loopback (RFC 2326, interleaved over TCP): the packets come from an ffmpeg that plays a file again and again. It can be told to go silent and to
/// forget its clients.
/// </summary>
public sealed class RtspTestServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly UdpClient _packets = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(TcpClient Client, SemaphoreSlim Gate)> _playing = [];
    private readonly Process _encoder;
    private readonly string _description;
    private readonly Task _serving, _forwarding;

    private RtspTestServer(string video)
    {
        int port = ((IPEndPoint)_packets.Client.LocalEndPoint!).Port;
        string sdp = Path.GetTempFileName();
        _encoder = Process.Start(new ProcessStartInfo("ffmpeg",
        [
            "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", video, "-an", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "5", "-pix_fmt", "yuv420p",
            "-f", "rtp", "-sdp_file", sdp, $"rtp://127.0.0.1:{port}?pkt_size=1200",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _description = ReadDescription(sdp);
        _listener.Start();
        (_serving, _forwarding) = (ServeAsync(), ForwardAsync());
    }

    /// <summary>Address of the stream.</summary>
    public string Address => $"rtsp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/camera";

    /// <summary>While true, no packet is sent; connections stay.</summary>
    public bool Silent { get; set; }

    /// <summary>How often somebody began to play.</summary>
    public int Plays { get; private set; }

    /// <summary>Begins to play and to listen.</summary>
    public static RtspTestServer Start(string video) => new(video);

    /// <summary>Closes all connections.</summary>
    public void DropClients()
    {
        lock (_playing)
        {
            foreach ((TcpClient client, _) in _playing) { client.Close(); }
            _playing.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _encoder.Kill();
        await _encoder.WaitForExitAsync();
        _encoder.Dispose();
        DropClients();
        _listener.Dispose();
        _packets.Dispose();
        await Task.WhenAll(_serving, _forwarding);
        _stop.Dispose();
    }

    private static string ReadDescription(string path)
    {
        // ffmpeg writes it when it has begun.
        for (int tries = 0; tries < 100 && !File.ReadAllText(path).Contains("a=rtpmap", StringComparison.Ordinal); tries++) { Thread.Sleep(50); }
        string[] lines = [.. File.ReadAllLines(path).Where(line => line.Contains('=', StringComparison.Ordinal) && line[1] == '=')];
        File.Delete(path);
        return string.Concat(lines.Select(line => (line.StartsWith("m=video", StringComparison.Ordinal) ? "m=video 0 RTP/AVP 96" : line) + "\r\n")) + "a=control:track0\r\n";
    }

    private async Task ServeAsync()
    {
        List<Task> open = [];
        try
        {
            while (true) { open.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token))); }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException) { }
        await Task.WhenAll(open);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        SemaphoreSlim gate = new(1);
        try
        {
            NetworkStream stream = client.GetStream();
            using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
            while (await reader.ReadLineAsync(_stop.Token) is { } request)
            {
                string[] parts = request.Split(' ');
                if (parts.Length < 3 || !parts[^1].StartsWith("RTSP/", StringComparison.Ordinal)) { continue; }
                string sequence = "0";
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } header)
                {
                    if (header.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase)) { sequence = header[5..].Trim(); }
                }
                (string headers, string body) = parts[0] switch
                {
                    "DESCRIBE" => ($"Content-Base: {Address}/\r\nContent-Type: application/sdp\r\nContent-Length: {_description.Length}\r\n", _description),
                    "SETUP" => ("Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n", ""),
                    "OPTIONS" => ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", ""),
                    _ => ("Session: 1\r\n", ""),
                };
                await gate.WaitAsync(_stop.Token);
                try { await stream.WriteAsync(Encoding.ASCII.GetBytes($"RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{headers}\r\n{body}"), _stop.Token); }
                finally { gate.Release(); }
                if (parts[0] == "PLAY")
                {
                    Plays++;
                    lock (_playing) { _playing.Add((client, gate)); }
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException or ObjectDisposedException or InvalidOperationException) { }
        lock (_playing) { _playing.RemoveAll(playing => playing.Client == client); }
        client.Dispose();
    }

    private async Task ForwardAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult packet = await _packets.ReceiveAsync(_stop.Token);
                if (Silent) { continue; }
                (TcpClient Client, SemaphoreSlim Gate)[] playing;
                lock (_playing) { playing = [.. _playing]; }
                byte[] framed = [(byte)'$', 0, (byte)(packet.Buffer.Length >> 8), (byte)packet.Buffer.Length, .. packet.Buffer];
                foreach ((TcpClient client, SemaphoreSlim gate) in playing)
                {
                    await gate.WaitAsync(_stop.Token);
                    try { await client.GetStream().WriteAsync(framed, _stop.Token); }
                    catch (Exception gone) when (gone is IOException or InvalidOperationException or ObjectDisposedException) { } // its own task tidies up
                    finally { gate.Release(); }
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException) { }
    }
}
