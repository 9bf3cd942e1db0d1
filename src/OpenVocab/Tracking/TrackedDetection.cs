namespace OpenVocab.Tracking;

/// <summary>A detection that belongs to a track.</summary>
/// <param name="Detection">Class and score of the matched detection, the track's id, and the box as the tracker estimates it.</param>
/// <param name="Index">Index of the matched detection among those that were given.</param>
public readonly record struct TrackedDetection(Detection Detection, int Index);
