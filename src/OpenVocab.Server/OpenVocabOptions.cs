using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Sources;

namespace OpenVocab.Server;

/// <summary>A live source that the server may run. Only sources that are configured can be started: nobody can hand the server an address.</summary>
/// <param name="Id">1 to 64 letters, digits, <c>-</c> and <c>_</c>: its name in the API.</param>
/// <param name="Source">What <see cref="FrameSources.Find"/> takes: a video file (which loops), a camera, the address of a stream.</param>
public sealed record StreamDefinition(string Id, string Source);

/// <summary>What <see cref="OpenVocabServices.AddOpenVocab"/> sets up.</summary>
public sealed class OpenVocabOptions
{
    /// <summary>Folder of a model bundle, or an ONNX file; null: the one that comes with the library.</summary>
    public string? Model { get; set; }

    /// <summary>How the detector looks.</summary>
    public DetectorOptions Detector { get; set; } = new();

    /// <summary>What it looks for at first; null: the model's own vocabulary.</summary>
    public PromptSet? Classes { get; set; }

    /// <summary>The live sources; each is started with the server.</summary>
    public IList<StreamDefinition> Streams { get; } = [];

    /// <summary>How sources are opened. Files loop, whatever this says.</summary>
    public SourceOptions Source { get; set; } = new();

    /// <summary>What is tracked and counted in all streams at first.</summary>
    public FollowSettings Follow { get; set; } = FollowSettings.None;

    /// <summary>File in which is remembered what the streams have seen, to be asked for later; it is made where there is none. Null, as at first: nothing is. Needs a model that gives regions, such as the one that comes with the library.</summary>
    public string? Remember { get; set; }

    /// <summary>How many things are remembered at most, 1 to 1,000,000; the oldest go first, with their pictures. Default 200,000.</summary>
    public int RememberMost { get; set; } = 200_000;

    /// <summary>Whoever asks must know it: <c>Authorization: Bearer …</c>. At least 8 characters. Null: everybody may ask; only for a server that listens on loopback.</summary>
    public string? Token { get; set; }

    /// <summary>Pages of these origins (<c>https://example.org</c>) may ask, too; all others are refused, but the server's own.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Names under which the server may be asked without a token, beside <c>localhost</c> and the addresses of loopback: a page of somebody else's must not reach it by a name of its own.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The most bytes of a picture, 1 to 1,000,000,000. Default 20,000,000.</summary>
    public long MaxPictureBytes { get; set; } = 20_000_000;

    /// <summary>The most pixels of a picture that somebody sends, 1 to 1,000,000,000. Default 25,000,000.</summary>
    public long MaxPicturePixels { get; set; } = 25_000_000;

    /// <summary>How many may look at one stream at once, 1 to 1,000. Default 8.</summary>
    public int MaxViewers { get; set; } = 8;

    /// <summary>How many requests for a detection may wait while one is worked on, 0 to 10,000; the next is told to come back (429). Default 4.</summary>
    public int MaxWaiting { get; set; } = 4;

    /// <summary>How many pictures may be arriving at once beside those that wait, 1 to 1,000; the next is told to come back (429). Each takes memory, up to <see cref="MaxPictureBytes"/>. Default 16.</summary>
    public int MaxUploads { get; set; } = 16;

    /// <summary>How long a request for a detection may take before it is given up (503). Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal OpenVocabOptions Validated()
    {
        List<string> faults = [];
        void Check(string name, long value, long least, long most)
        {
            if (value < least || value > most) { faults.Add(Invariant($"{name} is {value}; it must lie between {least} and {most}.")); }
        }
        Check(nameof(MaxPictureBytes), MaxPictureBytes, 1, 1_000_000_000);
        Check(nameof(MaxPicturePixels), MaxPicturePixels, 1, 1_000_000_000);
        Check(nameof(MaxViewers), MaxViewers, 1, 1000);
        Check(nameof(MaxWaiting), MaxWaiting, 0, 10_000);
        Check(nameof(RememberMost), RememberMost, 1, 1_000_000);
        Check(nameof(MaxUploads), MaxUploads, 1, 1000);
        if (Token is { Length: < 8 }) { faults.Add($"Token has {Token.Length} characters; it must have at least 8."); }
        foreach (StreamDefinition stream in Streams)
        {
            if (stream.Id.Length is < 1 or > 64 || !stream.Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            {
                faults.Add($"\"{stream.Id}\" cannot name a stream; use 1 to 64 letters (A to Z, a to z), digits, - and _.");
            }
        }
        foreach (string origin in AllowedOrigins.Where(origin => !IsOrigin(origin)))
        {
            faults.Add($"\"{origin}\" is no origin; write scheme://host or scheme://host:port as browsers send it, such as https://example.org.");
        }
        foreach (IGrouping<string, StreamDefinition> same in Streams.GroupBy(stream => stream.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            faults.Add($"\"{same.Key}\" names {same.Count()} streams; each needs a name of its own.");
        }
        return faults.Count == 0 ? this : throw new ArgumentException("The server's options cannot be used: " + string.Join(" ", faults));
    }

    // Without user, path, and a port that goes without saying: anything else would never be equal to what a browser sends.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 && uri.UserInfo.Length == 0 && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
