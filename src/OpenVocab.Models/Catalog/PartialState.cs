namespace OpenVocab.Models.Catalog;

/// <summary>Of which version of a file the first bytes are: what must be the same before the rest is added.</summary>
/// <param name="Address">Where it was asked for.</param>
/// <param name="ETag">A strong validator, or null.</param>
/// <param name="LastModified">A time that is old enough to tell two versions apart, or null.</param>
/// <param name="TotalBytes">The length of the whole, if the server said it.</param>
internal sealed record PartialState(string Address, string? ETag, DateTimeOffset? LastModified, long? TotalBytes)
{
    /// <summary>A file that changed within a minute before it was sent may have changed again within the same second (RFC 9110, 8.8.2.2).</summary>
    private static readonly TimeSpan s_oldEnough = TimeSpan.FromMinutes(1);

    /// <summary>True if the rest can be asked for without mixing two versions.</summary>
    internal bool CanResume => ETag is not null || LastModified is not null;

    /// <summary>What a response says of the version that it brings.</summary>
    internal static PartialState Of(Uri address, HttpResponseMessage response)
    {
        DateTimeOffset? modified = response.Content.Headers.LastModified;
        return new(
            ShownAddress.Of(address),
            response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
            response.Headers.Date - modified >= s_oldEnough ? modified : null,
            response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength);
    }

    /// <summary>False if a later response speaks of another version.</summary>
    internal bool Fits(PartialState later) =>
        (ETag is null || later.ETag is null || ETag == later.ETag) &&
        (LastModified is null || later.LastModified is null || LastModified == later.LastModified) &&
        (TotalBytes is null || later.TotalBytes is null || TotalBytes == later.TotalBytes);
}
