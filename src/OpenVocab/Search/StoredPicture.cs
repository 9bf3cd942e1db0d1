namespace OpenVocab.Search;

/// <summary>By what one sees whether a file has changed.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Modified">When it was written last: ticks of .NET, UTC.</param>
internal readonly record struct FileStamp(long Bytes, long Modified);

/// <summary>A file of a folder.</summary>
/// <param name="Name">Path relative to the folder, with slashes.</param>
/// <param name="Stamp">As it was when the folder was read.</param>
internal readonly record struct FoundPicture(string Name, FileStamp Stamp);

/// <summary>What an index holds of a picture.</summary>
/// <param name="Name">Path relative to the folder of the index, with slashes.</param>
/// <param name="Stamp">Of the file that was embedded.</param>
/// <param name="Vector">Unit vector; null where the picture could not be read.</param>
/// <param name="Fault">Why it could not be read.</param>
internal sealed record StoredPicture(string Name, FileStamp Stamp, Half[]? Vector, string? Fault);

/// <summary>A file that an index knows.</summary>
/// <param name="Stamp">Of the file that was embedded.</param>
/// <param name="Failed">It could not be read.</param>
internal readonly record struct KnownPicture(FileStamp Stamp, bool Failed);

/// <summary>A row that is near to a query.</summary>
/// <param name="Name">Path relative to the folder of the index, with slashes.</param>
/// <param name="Score">Cosine.</param>
internal readonly record struct StoredHit(string Name, float Score);
