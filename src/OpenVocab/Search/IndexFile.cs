using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenVocab.Search;

/// <summary>
/// The SQLite file of an index, as it must be: what it claims to be and how it is laid out is looked at before anything of it is used, because a file may come from anywhere. Statements are
/// constants; values go in as parameters.
/// </summary>
/// <remarks>Not safe for two threads at once.</remarks>
internal sealed class IndexFile : IDisposable
{
    private const int LongestValue = 1024 * 1024;
    private const int LimitLength = 0; // SQLITE_LIMIT_LENGTH
    private const int SecondsToWait = 30;

    /// <summary>Files up to this size are read as a whole when they are opened, which takes 0.1 s; the pages of larger ones are checked as they are read.</summary>
    private const long SmallFile = 64 * 1024 * 1024;

    private readonly SqliteConnection _connection;

    private IndexFile(string path, IndexLayout layout, SqliteConnection connection) => (Path, Layout, _connection) = (path, layout, connection);

    internal string Path { get; }

    internal IndexLayout Layout { get; }

    /// <summary>Opens an index.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="layout">What it must be.</param>
    /// <param name="writable">False: nothing of it is changed, and it may lie where nothing can be written.</param>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    internal static IndexFile Open(string path, IndexLayout layout, bool writable)
    {
        if (!File.Exists(path)) { throw IndexErrors.NoIndex(path, layout); }
        return Opened(path, layout, writable ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadOnly, file => file.Check());
    }

    /// <summary>True where an index can be made: there is no file, or one that a killed program has left before it had written anything.</summary>
    internal static bool IsFree(string path) => !File.Exists(path) || new FileInfo(path).Length == 0;

    /// <summary>Makes an index with nothing in it.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="layout">What it is to be.</param>
    /// <param name="begin">Writes what an index says of itself.</param>
    /// <exception cref="IndexException">The file cannot be made.</exception>
    internal static IndexFile Create(string path, IndexLayout layout, Action<IndexFile> begin)
    {
        try { Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IndexException($"{path}: the index cannot be made: {fault.Message}", "Check the path and its rights.", fault);
        }
        return Opened(path, layout, SqliteOpenMode.ReadWriteCreate, file =>
        {
            file.Run("BEGIN IMMEDIATE");
            // Somebody else may have been faster.
            if (file.Ask("SELECT count(*) FROM sqlite_schema") == 0)
            {
                foreach (string table in layout.Tables) { file.Run(table); }
                file.Run(Invariant($"PRAGMA application_id = {layout.ApplicationId}"));
                file.Run(Invariant($"PRAGMA user_version = {layout.Version}"));
                begin(file);
            }
            file.Run("COMMIT");
            file.Check();
        });
    }

    /// <summary>Runs a statement.</summary>
    internal void Run(string statement, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using SqliteCommand command = Prepare(statement, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The number that a query answers with.</summary>
    internal long Ask(string query)
    {
        using SqliteCommand command = Prepare(query);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A statement that runs again and again with other values.</summary>
    internal SqliteCommand Prepare(string statement, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = statement;
        foreach ((string name, object? value) in values) { command.Parameters.AddWithValue(name, value ?? DBNull.Value); }
        return command;
    }

    /// <summary>Takes back what was not committed, where anything is left to take back.</summary>
    internal void RollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) { Run("ROLLBACK"); }
    }

    /// <summary>
    /// Takes SQLite's own lock of writers, to be held until the end but for the moments after each commit: it goes when the process does, and leaves no file behind. Readers do not mind.
    /// </summary>
    internal void BeginWriting()
    {
        _connection.DefaultTimeout = 1;
        try { Run("BEGIN IMMEDIATE"); }
        finally { _connection.DefaultTimeout = SecondsToWait; }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static IndexFile Opened(string path, IndexLayout layout, SqliteOpenMode mode, Action<IndexFile> then)
    {
        // No pool: a file that is closed can be deleted.
        SqliteConnectionStringBuilder settings = new() { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = SecondsToWait };
        SqliteConnection connection = Connect(path, settings.ToString());
        try
        {
            CheckStart(path, layout);
            connection.Open();
            raw.sqlite3_limit(connection.Handle, LimitLength, LongestValue);
            IndexFile file = new(path, layout, connection);
            // What a schema may call is limited, cells are checked before they are read, and no file that shrinks meanwhile ends the process.
            file.Run("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
            then(file);
            return file;
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw IndexErrors.Wrap(path, fault, layout);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The library brings no native code: programs do, and what is thrown where none does is a plain Exception.
    private static SqliteConnection Connect(string path, string settings)
    {
        try
        {
            SqliteConnection connection = new(settings);
            _ = raw.sqlite3_libversion_number();
            return connection;
        }
        catch (Exception fault) { throw IndexErrors.NoSqlite(path, fault); }
    }

    // Before SQLite sees it: the sentence on a file that is something else is clearer.
    private static void CheckStart(string path, IndexLayout layout)
    {
        if (IsFree(path)) { return; }
        Span<byte> start = stackalloc byte[16];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (!start[..read].SequenceEqual("SQLite format 3\0"u8)) { throw IndexErrors.NotAnIndex(path, "it is no SQLite file", layout); }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IndexException($"{path}: the index cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    private void Check()
    {
        if (Ask("PRAGMA application_id") is var kind && kind != Layout.ApplicationId) { throw IndexErrors.NotAnIndex(Path, OtherKind(kind), Layout); }
        if (Ask("PRAGMA user_version") is var version && version != Layout.Version) { throw IndexErrors.OtherVersion(Path, version, Layout.Version); }
        CheckLayout();
        if (new FileInfo(Path).Length > SmallFile) { return; }
        using SqliteCommand check = Prepare("PRAGMA quick_check(1)");
        if (check.ExecuteScalar() is string found && found != "ok") { throw IndexErrors.Damaged(Path, "SQLite's check says: " + Line(found)); }
    }

    // Triggers and views would run whatever their maker wrote.
    private void CheckLayout()
    {
        using SqliteCommand command = Prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
        using SqliteDataReader rows = command.ExecuteReader();
        List<string> found = [];
        while (found.Count <= Layout.Tables.Count && rows.Read()) { found.Add(rows.GetString(0)); }
        if (!found.SequenceEqual(Layout.Tables, StringComparer.Ordinal)) { throw IndexErrors.NotAnIndex(Path, "its tables are not those of an index", Layout); }
    }

    private static string OtherKind(long id) =>
        ((IndexLayout[])[IndexLayout.Pictures, IndexLayout.Videos, IndexLayout.Streams]).FirstOrDefault(layout => layout.ApplicationId == id) is { } other ? $"it is one of {other.Holds}" : "it is an SQLite file of another program";

    private static string Line(string text) => string.Join(" ", text[..Math.Min(text.Length, 200)].Split('\n', StringSplitOptions.TrimEntries));
}
