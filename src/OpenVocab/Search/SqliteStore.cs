using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenVocab.Search;

/// <summary>
/// An index in one SQLite file. Vectors are halves as they lie in memory on every machine that .NET runs on (little endian). Queries load them all, once, and scan them; what somebody else writes
/// meanwhile is seen by the next query.
/// </summary>
internal sealed class SqliteStore : IIndexStore
{
    private const int MostPictures = 50_000_000, LongestText = 4096, LongestFault = 500;

    private readonly Lock _gate = new();
    private readonly IndexFile _file;
    private VectorTable? _table;
    private long _tableVersion;
    private bool _updating, _disposed;

    private SqliteStore(IndexFile file)
    {
        _file = file;
        (Model, Folder) = ReadInfo();
    }

    public string Name => _file.Path;

    public EmbeddingModel Model { get; }

    public string? Folder { get; private set; }

    /// <summary>Opens an index that exists.</summary>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    internal static SqliteStore Open(string path, bool writable) => Owning(IndexFile.Open(path, IndexLayout.Pictures, writable));

    /// <summary>Opens an index, and makes it where there is none.</summary>
    /// <exception cref="IndexException">It is damaged or something else, or it cannot be made.</exception>
    internal static SqliteStore OpenOrCreate(string path, EmbeddingModel model) => Owning(IndexFile.IsFree(path)
        ? IndexFile.Create(path, IndexLayout.Pictures, file => file.Run("INSERT INTO info VALUES (@model, @sha256, @dimensions, @path, NULL)", ("@model", model.Name), ("@sha256", model.Sha256), ("@dimensions", model.Dimensions), ("@path", model.Path)))
        : IndexFile.Open(path, IndexLayout.Pictures, writable: true));

    public int Count() => Guard(() => (int)Math.Min(_file.Ask("SELECT count(*) FROM picture WHERE vector IS NOT NULL"), MostPictures));

    public void BeginUpdate() => Guard(() =>
    {
        _file.BeginWriting();
        _updating = true;
        // Somebody else may have been here since the file was opened.
        Folder = ReadInfo().Folder;
    });

    public void SetFolder(string folder) => Guard(() =>
    {
        _file.Run("UPDATE info SET folder = @folder", ("@folder", folder));
        Folder = folder;
    });

    public void EndUpdate() => Guard(() =>
    {
        if (!_updating) { return; }
        _updating = false;
        _file.Run("COMMIT");
    });

    public Dictionary<string, KnownPicture> ReadKnown() => Guard(() =>
    {
        Dictionary<string, KnownPicture> known = new(StringComparer.Ordinal);
        using SqliteCommand command = _file.Prepare("SELECT name, bytes, modified, vector IS NULL FROM picture");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (known.Count == MostPictures) { throw IndexErrors.Damaged(Name, $"it has more than {MostPictures} pictures"); }
            known[NameOf(rows.GetString(0))] = new(new(rows.GetInt64(1), rows.GetInt64(2)), rows.GetBoolean(3));
        }
        return known;
    });

    public void Apply(IReadOnlyList<StoredPicture> written, IReadOnlyList<string> removed) => Guard(() =>
    {
        _table = null;
        try
        {
            Remove(removed);
            Write(written);
            _file.Run("COMMIT");
        }
        catch (SqliteException)
        {
            // Half of it may be there, and on a full disk SQLite has taken it back already.
            _updating = false;
            _file.RollBack();
            throw;
        }
        _updating = false;
        _file.Run("BEGIN IMMEDIATE");
        _updating = true;
    });

    public IReadOnlyList<StoredHit> Search(ReadOnlySpan<float> query, int count)
    {
        float[] kept = query.ToArray();
        return Guard(() =>
        {
            // One state of the file for the rows and for their names: a row that goes in between would have none.
            bool own = !_updating;
            if (own) { _file.Run("BEGIN"); }
            try
            {
                // Changes with every commit of others, and only then.
                long version = _file.Ask("PRAGMA data_version");
                if (_table is null || version != _tableVersion) { (_table, _tableVersion, Folder) = (Load(), version, ReadInfo().Folder); }
                return NamesOf(_table.Search(kept, count));
            }
            finally { if (own) { _file.Run("COMMIT"); } }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _file.Dispose(); // what is not committed is rolled back
        }
    }

    private void Remove(IReadOnlyList<string> removed)
    {
        using SqliteCommand delete = _file.Prepare("DELETE FROM picture WHERE name = @name", ("@name", ""));
        foreach (string name in removed)
        {
            delete.Parameters[0].Value = name;
            delete.ExecuteNonQuery();
        }
    }

    private void Write(IReadOnlyList<StoredPicture> written)
    {
        using SqliteCommand write = _file.Prepare(
            "INSERT INTO picture (name, bytes, modified, fault, vector) VALUES (@name, @bytes, @modified, @fault, @vector) " +
            "ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified, fault = excluded.fault, vector = excluded.vector",
            ("@name", ""), ("@bytes", 0L), ("@modified", 0L), ("@fault", null), ("@vector", null));
        foreach (StoredPicture picture in written)
        {
            (write.Parameters[0].Value, write.Parameters[1].Value, write.Parameters[2].Value) = (picture.Name, picture.Stamp.Bytes, picture.Stamp.Modified);
            write.Parameters[3].Value = (object?)picture.Fault?[..Math.Min(picture.Fault.Length, LongestFault)] ?? DBNull.Value;
            write.Parameters[4].Value = picture.Vector is { } vector ? MemoryMarshal.AsBytes<Half>(vector).ToArray() : DBNull.Value;
            write.ExecuteNonQuery();
        }
    }

    private static SqliteStore Owning(IndexFile file)
    {
        try { return new(file); }
        catch (SqliteException fault)
        {
            file.Dispose();
            throw IndexErrors.Wrap(file.Path, fault, file.Layout);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private (EmbeddingModel Model, string? Folder) ReadInfo()
    {
        using SqliteCommand command = _file.Prepare("SELECT model, sha256, dimensions, model_path, folder FROM info");
        using SqliteDataReader rows = command.ExecuteReader();
        if (!rows.Read()) { throw IndexErrors.Damaged(Name, "it does not say which model it was made with"); }
        long dimensions = rows.GetInt64(2);
        if (dimensions is < 1 or > VectorTable.MostDimensions) { throw IndexErrors.Damaged(Name, $"its vectors have {dimensions} numbers; between 1 and {VectorTable.MostDimensions} are read"); }
        return (new(Text(rows, 0)!, Text(rows, 1)!, (int)dimensions, Text(rows, 3)), Text(rows, 4));
    }

    private string? Text(DbDataReader rows, int column)
    {
        if (rows.IsDBNull(column)) { return null; }
        string text = rows.GetString(column);
        return text.Length <= LongestText ? text : throw IndexErrors.Damaged(Name, $"a text of it has {text.Length} characters; at most {LongestText} are read");
    }

    private VectorTable Load()
    {
        VectorTable table = new(Model.Dimensions);
        using SqliteCommand command = _file.Prepare("SELECT id, vector FROM picture WHERE vector IS NOT NULL ORDER BY id");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (table.Count == MostPictures) { throw IndexErrors.Damaged(Name, $"it has more than {MostPictures} pictures"); }
            // The reader's own methods would allocate an array a row.
            ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(rows.Handle, 1);
            long id = rows.GetInt64(0);
            if (bytes.Length != Model.Dimensions * sizeof(ushort))
            {
                throw IndexErrors.Damaged(Name, $"the vector of picture {id} has {bytes.Length} bytes; {Model.Dimensions} numbers need {Model.Dimensions * sizeof(ushort)}");
            }
            if (!table.TryAdd(id, MemoryMarshal.Cast<byte, Half>(bytes))) { throw IndexErrors.Damaged(Name, $"the vector of picture {id} is not of length 1"); }
        }
        return table;
    }

    private List<StoredHit> NamesOf(IReadOnlyList<Neighbour> found)
    {
        using SqliteCommand command = _file.Prepare("SELECT name FROM picture WHERE id = @id", ("@id", 0L));
        List<StoredHit> hits = [];
        foreach (Neighbour each in found)
        {
            command.Parameters[0].Value = each.Id;
            hits.Add(new(NameOf((string)command.ExecuteScalar()!), each.Score));
        }
        return hits;
    }

    private string NameOf(string name) => PictureName.IsInside(name) ? name : throw IndexErrors.Damaged(
        Name, $"it names the picture \"{name[..Math.Min(name.Length, 200)]}\", which is no path below its folder");

    private void Guard(Action work) => Guard(() =>
    {
        work();
        return 0;
    });

    private T Guard<T>(Func<T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ImageIndex));
            try { return work(); }
            catch (SqliteException fault) { throw IndexErrors.Wrap(Name, fault, _file.Layout); }
        }
    }
}
