namespace OpenVocab.Models.Catalog;

/// <summary>Lengths as people read them.</summary>
internal static class ByteCount
{
    /// <summary>Decimal units, as disks and publishers count: <c>25.9 MB</c>.</summary>
    internal static string Of(long bytes) => bytes switch
    {
        < 1_000 => Invariant($"{bytes} bytes"),
        < 1_000_000 => Invariant($"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.0} MB"),
        _ => Invariant($"{bytes / 1e9:0.00} GB"),
    };
}
