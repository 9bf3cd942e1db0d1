using OpenVocab.Sources;

namespace OpenVocab.Sinks;

/// <summary>
/// Takes results, frame by frame, from one or several sources one after another: <see cref="BeginSource"/>, then <see cref="Write"/> per
/// frame, then <see cref="EndSource"/>, again for the next source, and <see cref="Complete"/> once. Called by one thread at a time.
/// What is disposed without <see cref="Complete"/> leaves only files of sources whose <see cref="EndSource"/> was called.
/// </summary>
public interface IResultSink : IDisposable
{
    /// <summary>A source begins. Fails at once where the target cannot be written.</summary>
    /// <param name="source">What is known of the source.</param>
    /// <exception cref="SinkException">The target cannot be written.</exception>
    void BeginSource(SourceInfo source);

    /// <summary>Takes one frame. Neither <paramref name="frame"/> nor <paramref name="result"/> may be kept or changed.</summary>
    /// <param name="frame">The pixels, without drawings.</param>
    /// <param name="result">What was found in them.</param>
    /// <exception cref="SinkException">The target cannot be written.</exception>
    void Write(Frame frame, FrameResult result);

    /// <summary>The source has ended, was found damaged, or was interrupted: what was written so far becomes a whole file.</summary>
    /// <param name="report">How the source ended.</param>
    /// <exception cref="SinkException">The target cannot be written.</exception>
    void EndSource(SourceReport report);

    /// <summary>No further source comes: files that span all sources are put in place.</summary>
    /// <exception cref="SinkException">The target cannot be written.</exception>
    void Complete();
}
