using OpenVocab.Imaging;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Pipelines;

/// <summary>Sample pictures as the frames of a video, with an end that can misbehave.</summary>
internal sealed class ListSource(params IEnumerable<string> names) : IFrameSource
{
    private readonly string[] _names = [.. names];
    private int _next;

    public SourceInfo Info { get; } = new() { Name = string.Join('|', names), Kind = SourceKind.Video, FrameRate = new(10, 1) };

    public string? Damage => null;

    internal int Delivered => Volatile.Read(ref _next);

    internal bool BlockAtEnd { get; init; }

    internal Exception? ThrowAtEnd { get; init; }

    internal static string PathOf(string name) => RepositoryFiles.Get("samples", "media", name);

    public bool TryRead(Frame into, CancellationToken cancellationToken)
    {
        if (_next == _names.Length)
        {
            if (ThrowAtEnd is not null) { throw ThrowAtEnd; }
            if (!BlockAtEnd) { return false; }
            cancellationToken.WaitHandle.WaitOne();
            cancellationToken.ThrowIfCancellationRequested();
        }
        cancellationToken.ThrowIfCancellationRequested();
        into.Take(ImageFile.Read(PathOf(_names[_next])));
        into.Index = _next;
        Interlocked.Increment(ref _next);
        return true;
    }

    public void Dispose() { }
}
