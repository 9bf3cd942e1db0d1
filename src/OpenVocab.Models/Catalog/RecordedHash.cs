namespace OpenVocab.Models.Catalog;

/// <summary>What the first download of a file was.</summary>
internal sealed record RecordedHash(string Sha256, long Bytes, string Address, DateTimeOffset Recorded);
