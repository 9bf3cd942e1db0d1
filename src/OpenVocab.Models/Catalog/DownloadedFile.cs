namespace OpenVocab.Models.Catalog;

/// <summary>A file that is on the disk, whole and checked.</summary>
/// <param name="Wanted">Which one.</param>
/// <param name="Path">Full path.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Standing">What the hash was compared with.</param>
/// <param name="Fetched">False if it was there before.</param>
public sealed record DownloadedFile(WantedFile Wanted, string Path, long Bytes, string Sha256, HashStanding Standing, bool Fetched);
