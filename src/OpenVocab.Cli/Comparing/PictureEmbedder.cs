using OpenCvSharp;
using OpenVocab.Clip;
using OpenVocab.Cli.Terminal;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Comparing;

/// <summary>Reads and embeds what a person names, batch after batch; says what cannot be read, and goes on.</summary>
internal sealed class PictureEmbedder(ClipImageEncoder encoder, int batch, CancellationToken cancellation)
{
    private bool _missing, _damaged;

    /// <summary>What the program ends with, as <c>predict</c> does.</summary>
    internal int ExitCode => _missing ? ExitCodes.SomeInputsFailed : _damaged ? ExitCodes.DamagedInput : ExitCodes.Success;

    /// <summary>The pictures among what a person named; what is none is said.</summary>
    /// <exception cref="SourceException">One of them names a camera, a stream or a video.</exception>
    internal List<SourceReference> Find(IEnumerable<string> texts)
    {
        List<SourceReference> found = [];
        foreach (string text in texts)
        {
            try { found.AddRange(FrameSources.Find(text)); }
            catch (SourceException fault) { Note(fault); }
        }
        // In a folder there may be videos as well, but nobody wants a part of what was asked for without a word.
        return found.FirstOrDefault(source => source.Kind != SourceKind.Picture) is not { } other ? found : throw new SourceException(
            SourceFault.Unsupported, $"{other.Name}: this is no picture, but a {other.Kind.ToString().ToLowerInvariant()}.", "Give pictures; openvocab predict looks into videos, cameras and streams.");
    }

    /// <summary>Embeds pictures in their order; those that cannot be read are left out.</summary>
    internal IEnumerable<EmbeddedPicture> Embed(IEnumerable<SourceReference> sources)
    {
        foreach (SourceReference[] some in sources.Chunk(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            using Frames frames = new(some.Length);
            SourceException?[] faults = new SourceException?[some.Length];
            // Decoding takes as long as a small network does, and uses one core.
            Parallel.For(0, some.Length, i => faults[i] = Read(some[i], frames.All[i]));
            foreach (SourceException? fault in faults) { Note(fault); }
            int[] whole = [.. Enumerable.Range(0, some.Length).Where(i => faults[i] is null)];
            float[][] embeddings = encoder.Encode((Mat[])[.. whole.Select(i => frames.All[i].Pixels)]);
            foreach ((int i, float[] embedding) in whole.Zip(embeddings)) { yield return new(some[i].Name, embedding); }
        }
    }

    private SourceException? Read(SourceReference source, Frame into)
    {
        try
        {
            using IFrameSource opened = FrameSources.Open(source);
            opened.TryRead(into, cancellation);
            return null;
        }
        catch (SourceException fault) { return fault; }
    }

    private void Note(SourceException? fault)
    {
        if (fault is null) { return; }
        RunReport.PrintFault(fault);
        if (fault.Fault == SourceFault.Damaged) { _damaged = true; }
        else { _missing = true; }
    }

    private sealed class Frames(int count) : IDisposable
    {
        internal Frame[] All { get; } = [.. Enumerable.Range(0, count).Select(_ => new Frame())];

        public void Dispose() => Array.ForEach(All, frame => frame.Dispose());
    }
}
