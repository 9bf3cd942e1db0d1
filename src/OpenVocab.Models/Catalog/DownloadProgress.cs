namespace OpenVocab.Models.Catalog;

/// <summary>How far one file is.</summary>
/// <param name="Wanted">The file.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Bytes">How many bytes are on the disk, or are checked.</param>
/// <param name="TotalBytes">How many there will be; null where nobody knows.</param>
/// <param name="Message">A sentence for people, where there is something to say.</param>
public readonly record struct DownloadProgress(WantedFile Wanted, DownloadStage Stage, long Bytes, long? TotalBytes, string? Message = null);
