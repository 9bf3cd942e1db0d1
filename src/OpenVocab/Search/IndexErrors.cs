using Microsoft.Data.Sqlite;

namespace OpenVocab.Search;

/// <summary>The sentences about indexes, each in one place.</summary>
internal static class IndexErrors
{
    private const string Again = "Delete it and index the folder again, or give the index that you mean.";

    // SQLite's primary result codes (sqlite3.h).
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InOut = 10, Corrupt = 11, Full = 13, CannotOpen = 14, TooBig = 18, NotADatabase = 26;
    private const int ReadOnlyRollback = ReadOnly | 3 << 8;

    internal static IndexException NoIndex(string path, IndexLayout layout) => new($"{path}: there is no such index.", $"Make it: {layout.Make} -o {path}{layout.Rest}.");

    internal static IndexException NotAnIndex(string path, string why, IndexLayout layout) => new($"{path}: this is no index of {layout.Holds}: {why}.", $"Give a file that {layout.Maker} has made.");

    internal static IndexException OtherVersion(string path, long version, int own) => new(
        $"{path}: the index is of version {version}; this program reads version {own}.",
        version > own ? "Use a newer OpenVocab, or index the folder into another file." : "Delete it and index the folder again.");

    internal static IndexException Damaged(string name, string what, Exception? inner = null) => new($"{name}: the index is damaged: {what}.", Again, inner);

    internal static IndexException InUse(string name, Exception? inner = null) => new(
        $"{name}: another program is writing into this index.", "Wait until it has finished, or index into another file; queries may go on meanwhile.", inner);

    internal static IndexException OtherModel(string name, EmbeddingModel index, EmbeddingModel given) => new(
        $"{name}: the index was made with {index.Name} ({index.Dimensions} numbers, SHA-256 {Short(index)}); the model here is {given.Name} ({given.Dimensions} numbers, SHA-256 {Short(given)}), whose vectors cannot be compared with its.",
        $"Give --model {index.Path ?? index.Name}, or index the folder into another file.");

    internal static IndexException OtherFolder(string name, string folder, string given) => new(
        $"{name}: the index is of the folder {folder}, not of {given}.", "Index into another file; or, where the folder was moved, say --moved (in code: IndexOptions.Moved).");

    internal static IndexException NoFolder(string name, string? folder) => new(
        $"{name}: the index names {(folder is null ? "no folder" : $"the folder {folder}, which is no full path on this system")}.", "Index the folder of this machine into it again, with --moved.");

    internal static IndexException NothingThere(string name, string folder, int known) => new(
        $"{folder}: there is no picture in this folder, and the index {name} has {known}; they would all be removed.", "Check that the disk is there; to empty the index, delete it.");

    internal static IndexException NoSqlite(string path, Exception inner) => new(
        $"{path}: the index cannot be opened: SQLite's native library is not there.", "Reference the package SQLitePCLRaw.bundle_e_sqlite3 in the program.", inner);

    /// <summary>Puts what SQLite says into words.</summary>
    internal static IndexException Wrap(string path, SqliteException fault, IndexLayout layout) => fault.SqliteErrorCode switch
    {
        ReadOnly when fault.SqliteExtendedErrorCode == ReadOnlyRollback => new(
            $"{path}: a program that was writing into this index was ended, and what it had begun is to be taken back first.", $"Run {layout.Maker} again; it goes on where that one ended.", fault),
        Busy or Locked => InUse(path, fault),
        Corrupt => Damaged(path, "SQLite says that a page of it is not as it should be", fault),
        NotADatabase => NotAnIndex(path, "it is no SQLite file", layout),
        TooBig => Damaged(path, "a value of it is larger than any that is written", fault),
        Full or InOut => new($"{path}: the index cannot be read or written: {fault.Message}", "Free some space, and check the disk; what was written before is whole.", fault),
        ReadOnly or CannotOpen => new($"{path}: the index cannot be opened or written: {fault.Message}", "Check the path and its rights, those of its folder as well.", fault),
        _ => new($"{path}: SQLite fails: {fault.Message}", Again, fault),
    };

    private static string Short(EmbeddingModel model) => model.Sha256.Length > 12 ? model.Sha256[..12] + "…" : model.Sha256;
}
