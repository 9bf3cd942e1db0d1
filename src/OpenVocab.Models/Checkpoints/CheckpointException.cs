namespace OpenVocab.Models.Checkpoints;

/// <summary>A checkpoint is damaged, hostile, or of a kind that is not read here.</summary>
public sealed class CheckpointException : OpenVocabException
{
    /// <summary>Makes the error of one place in a file.</summary>
    /// <param name="file">Path or name of the file.</param>
    /// <param name="offset">Where in the file, in bytes from its begin; inside of a deflated entry from the entry's.</param>
    /// <param name="why">What was found there, and the bound; without a full stop.</param>
    /// <param name="remedy">What to do next; null: fetch it again.</param>
    /// <param name="inner">The cause, if another library reported it.</param>
    public CheckpointException(string file, long offset, string why, string? remedy = null, Exception? inner = null)
        : base($"{file}, byte {offset}: {why}.", remedy ?? "Fetch the file again from where it was published; do not use it if it came from elsewhere.", inner) => Offset = offset;

    /// <summary>Where in the file, in bytes from its begin.</summary>
    public long Offset { get; }
}
