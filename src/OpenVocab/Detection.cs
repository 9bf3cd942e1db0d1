namespace OpenVocab;

/// <summary>One thing that was found.</summary>
/// <param name="ClassId">Index of the class in the result's <see cref="FrameResult.Vocabulary"/>; its name is <see cref="FrameResult.NameOf"/>.</param>
/// <param name="Score">Probability, 0 to 1.</param>
/// <param name="Box">Where it is, in pixels of the source picture, inside of the picture.</param>
/// <param name="TrackId">The same number for the same thing from frame to frame, from 1; null where nothing tracks.</param>
public readonly record struct Detection(int ClassId, float Score, Box Box, int? TrackId = null)
{
    /// <summary>A second opinion, 0 to 1: how probable CLIP finds the class among all others (<see cref="Clip.DetectionVerifier"/>); null where nothing verifies.</summary>
    public float? Verification { get; init; }
}
