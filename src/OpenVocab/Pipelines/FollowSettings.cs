using OpenVocab.Counting;
using OpenVocab.Tracking;

namespace OpenVocab.Pipelines;

/// <summary>What a pipeline does with detections from frame to frame. Immutable; change it by <c>with</c>.</summary>
public sealed record FollowSettings
{
    /// <summary>Nothing is tracked, nothing is counted.</summary>
    public static FollowSettings None { get; } = new();

    /// <summary>How things are tracked; null: not at all, unless something counts.</summary>
    public TrackOptions? Track { get; init; }

    /// <summary>Lines and zones where tracked things are counted, in pixels of the source; each has a name of its own.</summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public IReadOnlyList<CountRegion> Regions { get; init => field = NamedApart(value); } = [];

    /// <summary>Counting needs tracks.</summary>
    internal TrackOptions? EffectiveTrack => Track ?? (Regions.Count > 0 ? new() : null);

    private static IReadOnlyList<CountRegion> NamedApart(IReadOnlyList<CountRegion> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        string? twice = regions.GroupBy(region => region.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is null ? regions : throw new ArgumentException($"\"{twice}\" is the name of two lines or zones: give each a name of its own.");
    }
}
