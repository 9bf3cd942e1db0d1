namespace OpenVocab.Models.Catalog;

/// <summary>What the SHA-256 of a file was compared with.</summary>
public enum HashStanding
{
    /// <summary>With the catalogue's.</summary>
    Known,

    /// <summary>With what an earlier download had: nobody else vouches for it.</summary>
    Recorded,

    /// <summary>With nothing: it was the first download, and its hash has been recorded for the next ones. People must be told.</summary>
    New,
}
