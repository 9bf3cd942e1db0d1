using OpenVocab.Media;

namespace OpenVocab.Sources;

/// <summary>The address of a network stream: what ffmpeg may do with it, and what of it may be shown.</summary>
internal sealed class StreamAddress
{
    /// <summary>
    /// By scheme, what ffmpeg may open: never a file, so that a playlist that somebody else wrote cannot read this machine's (measured: with "file" in the
    /// list it does).
    /// </summary>
    private static readonly Dictionary<string, string> s_protocols = new(StringComparer.OrdinalIgnoreCase)
    {
        ["http"] = "http,https,tcp,tls,crypto", ["https"] = "http,https,tcp,tls,crypto",
        ["rtsp"] = "rtsp,rtp,udp,tcp", ["rtsps"] = "rtsp,rtp,udp,tcp,tls",
        ["rtmp"] = "rtmp,tcp", ["rtmps"] = "rtmps,tls,tcp",
        ["srt"] = "srt,udp", ["udp"] = "udp", ["tcp"] = "tcp",
    };

    private const string Formats = "rtsp,rtp,sdp,hls,mpegts,flv,live_flv,mpjpeg,mjpeg,jpeg_pipe,png_pipe,h264,hevc,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,ogg,nut";

    private readonly string _url;
    private readonly string[] _secrets;

    private StreamAddress(string url, Uri uri)
    {
        _url = url;
        Scheme = uri.Scheme;
        string password = uri.UserInfo.Contains(':', StringComparison.Ordinal) ? uri.UserInfo[(uri.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..] : "";
        // Longest first, so that no rest of a secret stays behind.
        _secrets = [.. new[] { url, uri.UserInfo, uri.Query, password, Uri.UnescapeDataString(password) }.Where(secret => secret.Length > 2).Distinct().OrderByDescending(secret => secret.Length)];
        Display = Ffmpeg.Redact(url);
    }

    /// <summary>The address without user, password and query.</summary>
    internal string Display { get; }

    internal string Scheme { get; }

    private bool HasSecrets => Display != _url;

    /// <summary>True for what <see cref="Parse"/> takes or explains.</summary>
    internal static bool Looks(string text) => text.Contains("://", StringComparison.Ordinal);

    /// <summary>Reads an address.</summary>
    /// <exception cref="SourceException">It is none, or of a scheme that is not opened.</exception>
    internal static StreamAddress Parse(string text)
    {
        bool whole = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && !text.AsSpan().ContainsAny("\r\n\0");
        string scheme = text[..Math.Max(text.IndexOf("://", StringComparison.Ordinal), 0)];
        if (!s_protocols.ContainsKey(scheme))
        {
            throw new SourceException(
                SourceFault.Unsupported, $"{Hide(text)}: addresses of this kind are not opened.", $"Those that are begin with {string.Join(", ", s_protocols.Keys.Select(known => known + "://"))}.");
        }
        return whole ? new(text, uri!) : throw new SourceException(
            SourceFault.NotFound, $"{Hide(text)}: this is no address.", "Check it; in user name and password write @ as %40, : as %3A and / as %2F.");
    }

    /// <summary>A line of ffmpeg's without this address's secrets.</summary>
    internal string Redact(string line)
    {
        foreach (string secret in _secrets) { line = line.Replace(secret, secret == _url ? Display : "***", StringComparison.Ordinal); }
        return Ffmpeg.Redact(line);
    }

    /// <summary>Everything up to and including <c>-i</c> and its value.</summary>
    /// <param name="timeout">ffmpeg's own bound on the network, for the case that nobody is left to kill it.</param>
    /// <param name="live">Latency counts more than the first frames.</param>
    internal IReadOnlyList<string> InputArguments(TimeSpan timeout, bool live)
    {
        string[] limits = ["-protocol_whitelist", Protocols + (HasSecrets ? ",pipe" : ""), "-format_whitelist", Formats + (HasSecrets ? ",concat" : ""), .. live ? (string[])["-flags", "low_delay"] : []];
        // The list of processes is for everybody to read: an address with a secret goes through standard input, as a list of one entry.
        return HasSecrets
            ? [.. limits, "-f", "concat", "-safe", "0", "-i", "pipe:0"]
            : [.. limits, .. NetworkOptions(timeout).SelectMany(option => (string[])["-" + option.Name, option.Value]), "-i", _url];
    }

    /// <summary>What ffmpeg reads from its standard input, or null.</summary>
    internal string? InputScript(TimeSpan timeout) => !HasSecrets ? null :
        $"ffconcat version 1.0\nfile '{_url.Replace("'", "'\\''", StringComparison.Ordinal)}'\n" +
        string.Concat(NetworkOptions(timeout).Select(option => $"option {option.Name} {option.Value}\n"));

    private string Protocols => s_protocols[Scheme];

    private IEnumerable<(string Name, string Value)> NetworkOptions(TimeSpan timeout)
    {
        // By default ffmpeg looks at five seconds of a stream before it gives the first frame. Not "nobuffer": it throws away what was looked at, and with it the only frame
        // that others can be decoded from (measured: 15 s without a picture in place of 1.2 s).
        yield return ("analyzeduration", "1000000");
        yield return ("fpsprobesize", "0");
        // Measured: rtsp knows "timeout" alone, and http stalls for ever without "rw_timeout".
        string scheme = Scheme.ToLowerInvariant();
        if (scheme is "rtsp" or "rtsps") { yield return ("rtsp_transport", "tcp"); }
        yield return (scheme is "rtsp" or "rtsps" or "srt" or "udp" ? "timeout" : "rw_timeout", Invariant($"{(long)timeout.TotalMicroseconds}"));
    }

    // Before it is known to be an address nothing of it is safe to repeat but its begin.
    private static string Hide(string text)
    {
        int begin = text.IndexOf("://", StringComparison.Ordinal) + 3, at = text.LastIndexOf('@');
        return Ffmpeg.Redact(at >= begin ? $"{text[..begin]}***{text[at..]}" : text);
    }
}
