namespace OpenVocab.Sources;

/// <summary>
/// Frames, one after another. One reader at a time; <see cref="TryRead"/> blocks until there is a frame. A source is opened by its
/// factory method: when it exists, <see cref="Info"/> is known.
/// </summary>
public interface IFrameSource : IDisposable
{
    /// <summary>What is known before the first frame.</summary>
    SourceInfo Info { get; }

    /// <summary>Reads the next frame.</summary>
    /// <param name="into">Receives pixels, index and time; its memory is used again where the size fits.</param>
    /// <param name="cancellationToken">Ends the wait; a child process that does not answer is killed.</param>
    /// <returns>False at the end, also of a damaged file: ask <see cref="Damage"/> then.</returns>
    /// <exception cref="SourceException">No frame at all could be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    bool TryRead(Frame into, CancellationToken cancellationToken);

    /// <summary>
    /// After the end: null if everything that the container promised was read and nothing complained, otherwise a sentence that says
    /// what is missing or damaged, with numbers.
    /// </summary>
    string? Damage { get; }

    /// <summary>How many frames came in part and were given to nobody.</summary>
    long Failed => 0;
}
