namespace OpenVocab.Search;

/// <summary>Where an update stands.</summary>
/// <param name="Done">Pictures that were embedded, or failed.</param>
/// <param name="Total">Pictures that are new or have changed.</param>
/// <param name="Failed">Of <paramref name="Done"/>, those that could not be read.</param>
/// <param name="Elapsed">Time since the first picture.</param>
public readonly record struct IndexProgress(int Done, int Total, int Failed, TimeSpan Elapsed)
{
    /// <summary>Pictures per second since the first one.</summary>
    public double PicturesPerSecond => Elapsed > TimeSpan.Zero ? Done / Elapsed.TotalSeconds : 0;
}
