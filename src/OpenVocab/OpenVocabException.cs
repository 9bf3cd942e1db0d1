namespace OpenVocab;

/// <summary>
/// Something outside the code is wrong: a file, a prompt, a camera, a disk. The message names the thing, the value and the
/// bound; <see cref="Remedy"/> says what to do next.
/// </summary>
public abstract class OpenVocabException : Exception
{
    private protected OpenVocabException(string message, string remedy, Exception? inner)
        : base(message, inner) => Remedy = remedy;

    /// <summary>What to do next, in one sentence.</summary>
    public string Remedy { get; }
}

/// <summary>A model file or a bundle cannot be used.</summary>
public sealed class ModelException : OpenVocabException
{
    /// <summary>Makes the error of one model file.</summary>
    /// <param name="message">Names the file, what was found in it and what was expected.</param>
    /// <param name="remedy">What to do next, in one sentence.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public ModelException(string message, string remedy, Exception? inner = null)
        : base(message, remedy, inner) { }
}

/// <summary>A class name, a prompt or a prompt file cannot be used.</summary>
public sealed class PromptException : OpenVocabException
{
    /// <summary>Makes the error of one prompt.</summary>
    /// <param name="message">Names the prompt, the value and the bound.</param>
    /// <param name="remedy">What to do next, in one sentence.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public PromptException(string message, string remedy, Exception? inner = null)
        : base(message, remedy, inner) { }
}

/// <summary>A result cannot be written: a folder, a disk, an encoder, a window.</summary>
public sealed class SinkException : OpenVocabException
{
    /// <summary>Makes the error of one output.</summary>
    /// <param name="message">Names the file and the reason.</param>
    /// <param name="remedy">What to do next, in one sentence.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public SinkException(string message, string remedy, Exception? inner = null)
        : base(message, remedy, inner) { }
}

/// <summary>An index of pictures cannot be opened, written or asked.</summary>
public sealed class IndexException : OpenVocabException
{
    /// <summary>Makes the error of one index.</summary>
    /// <param name="message">Names the file or the database, the value and the bound; no password.</param>
    /// <param name="remedy">What to do next, in one sentence.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public IndexException(string message, string remedy, Exception? inner = null)
        : base(message, remedy, inner) { }
}

/// <summary>Why a source could not be read: decides what a caller does next.</summary>
public enum SourceFault
{
    /// <summary>There is nothing at that path or address.</summary>
    NotFound,

    /// <summary>It is there and may not or cannot be read (rights, a device in use, a tool that is missing).</summary>
    NotReadable,

    /// <summary>It is whole, as far as one can see, but of a kind that is not read here.</summary>
    Unsupported,

    /// <summary>It is larger than the limits allow; nothing was decoded.</summary>
    TooLarge,

    /// <summary>It is empty, cut off or damaged.</summary>
    Damaged,
}

/// <summary>A picture, a video or a camera cannot be read.</summary>
public sealed class SourceException : OpenVocabException
{
    /// <summary>Makes the error of one source.</summary>
    /// <param name="fault">What kind of fault it is.</param>
    /// <param name="message">Names the source, the value and the bound.</param>
    /// <param name="remedy">What to do next, in one sentence.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public SourceException(SourceFault fault, string message, string remedy, Exception? inner = null)
        : base(message, remedy, inner) => Fault = fault;

    /// <summary>What kind of fault it is.</summary>
    public SourceFault Fault { get; }
}
