namespace OpenVocab.Models.Catalog;

/// <summary>What is being done to a file.</summary>
public enum DownloadStage
{
    /// <summary>Another process fetches the same file: waiting for it.</summary>
    Waiting,

    /// <summary>Bytes arrive.</summary>
    Receiving,

    /// <summary>The connection failed, and is tried again after a while; the message says why and when.</summary>
    Retrying,

    /// <summary>Reading the whole file for its SHA-256.</summary>
    Checking,

    /// <summary>What lies on the disk is damaged, and is fetched anew; the message says so.</summary>
    Replacing,

    /// <summary>
    /// Nobody knew the SHA-256 of what has come: it was taken as it is, and recorded for the next time. People must be told, even those who want it quiet; the message says how.
    /// </summary>
    Recorded,

    /// <summary>It is there and as it should be.</summary>
    Done,
}
