namespace OpenVocab.Server.Streams;

/// <summary>The newest frame of a stream, as viewers get it. Immutable.</summary>
/// <param name="Number">Counts published frames, from 1.</param>
/// <param name="Json">The result: a JSON object.</param>
/// <param name="Picture">JPEG without drawings; null where nobody asked for it.</param>
/// <param name="Annotated">JPEG with drawings; null where nobody asked for it.</param>
internal sealed record PublishedFrame(long Number, ReadOnlyMemory<byte> Json, byte[]? Picture, byte[]? Annotated);

/// <summary>What a viewer wants to see.</summary>
internal enum ViewerKind
{
    /// <summary>Results alone.</summary>
    Results,

    /// <summary>Results, and pictures without drawings.</summary>
    Pictures,

    /// <summary>Pictures with drawings.</summary>
    Annotated,
}
