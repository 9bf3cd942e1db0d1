using System.Numerics.Tensors;
using Npgsql;
using Pgvector;

namespace OpenVocab.Search;

/// <summary>
/// An index in a PostgreSQL database with pgvector, which several machines share; a database holds several, by name. The database compares, by its own exact scan: the query is rounded to halves as
/// well, so scores differ from those of a file by up to 0.001. Equal scores go by name.
/// </summary>
internal sealed class PostgresStore : IIndexStore
{
    private const int Version = 1, LockClass = 0x4F_56_49_58, MostPictures = 50_000_000, LongestFault = 500;

    private const string IndexTable =
        "CREATE TABLE IF NOT EXISTS openvocab_index (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, version int NOT NULL, model text NOT NULL, " +
        "sha256 text NOT NULL, dimensions int NOT NULL, model_path text, folder text)";

    private const string PictureTable =
        "CREATE TABLE IF NOT EXISTS openvocab_picture (index_id int NOT NULL REFERENCES openvocab_index ON DELETE CASCADE, name text COLLATE \"C\" NOT NULL, bytes bigint NOT NULL, " +
        "modified bigint NOT NULL, fault text, vector halfvec, PRIMARY KEY (index_id, name))";

    private readonly Lock _gate = new();
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly int _id;
    private bool _updating, _disposed;

    private PostgresStore(DatabaseAddress address, NpgsqlDataSource source, NpgsqlConnection connection)
    {
        (Name, _source, _connection) = (address.Display, source, connection);
        using NpgsqlCommand command = Prepare("SELECT id, version, model, sha256, dimensions, model_path, folder FROM openvocab_index WHERE name = @name", ("name", address.IndexName));
        using NpgsqlDataReader rows = command.ExecuteReader();
        if (!rows.Read()) { throw PostgresErrors.NoIndex(Name); }
        if (rows.GetInt32(1) != Version) { throw IndexErrors.OtherVersion(Name, rows.GetInt32(1), Version); }
        int dimensions = rows.GetInt32(4);
        if (dimensions is < 1 or > VectorTable.MostDimensions) { throw IndexErrors.Damaged(Name, $"its vectors have {dimensions} numbers; between 1 and {VectorTable.MostDimensions} are read"); }
        _id = rows.GetInt32(0);
        Model = new(rows.GetString(2), rows.GetString(3), dimensions, rows.IsDBNull(5) ? null : rows.GetString(5));
        Folder = rows.IsDBNull(6) ? null : rows.GetString(6);
    }

    public string Name { get; }

    public EmbeddingModel Model { get; }

    public string? Folder { get; private set; }

    /// <summary>Opens an index.</summary>
    /// <param name="address">Of the database.</param>
    /// <param name="create">Whose index is made where there is none; null: that is an error.</param>
    /// <exception cref="IndexException">The server is not there, lacks pgvector, or has no such index.</exception>
    internal static PostgresStore Open(DatabaseAddress address, EmbeddingModel? create)
    {
        NpgsqlDataSourceBuilder builder = new(address.Connection);
        builder.UseVector();
        NpgsqlDataSource source = builder.Build();
        NpgsqlConnection? connection = null;
        try
        {
            connection = source.OpenConnection();
            PostgresSetup.Check(connection, address.Display, create is not null);
            if (create is not null) { Create(connection, address.IndexName, create); }
            else if (PostgresSetup.Ask(connection, "SELECT to_regclass('openvocab_index')::text") is null) { throw PostgresErrors.NoIndex(address.Display); }
            return new(address, source, connection);
        }
        catch (Exception fault)
        {
            connection?.Dispose();
            source.Dispose();
            if (PostgresErrors.Wrap(address.Display, fault) is { } wrapped) { throw wrapped; }
            throw;
        }
    }

    public int Count() => Guard(() => (int)Math.Min((long)Prepare("SELECT count(*) FROM openvocab_picture WHERE index_id = @id AND vector IS NOT NULL", ("id", _id)).ExecuteScalar()!, MostPictures));

    public void BeginUpdate() => Guard(() =>
    {
        if (!(bool)Prepare("SELECT pg_try_advisory_lock(@class, @id)", ("class", LockClass), ("id", _id)).ExecuteScalar()!) { throw IndexErrors.InUse(Name); }
        _updating = true;
        return Folder = ReadFolder();
    });

    public void SetFolder(string folder) => Guard(() =>
    {
        Prepare("UPDATE openvocab_index SET folder = @folder WHERE id = @id", ("folder", folder), ("id", _id)).ExecuteNonQuery();
        return Folder = folder;
    });

    public void EndUpdate()
    {
        if (!_updating) { return; }
        _updating = false;
        Guard(() => Prepare("SELECT pg_advisory_unlock(@class, @id)", ("class", LockClass), ("id", _id)).ExecuteScalar());
    }

    public Dictionary<string, KnownPicture> ReadKnown() => Guard(() =>
    {
        Dictionary<string, KnownPicture> known = new(StringComparer.Ordinal);
        using NpgsqlDataReader rows = Prepare("SELECT name, bytes, modified, vector IS NULL FROM openvocab_picture WHERE index_id = @id", ("id", _id)).ExecuteReader();
        while (rows.Read())
        {
            if (known.Count == MostPictures) { throw IndexErrors.Damaged(Name, $"it has more than {MostPictures} pictures"); }
            known[NameOf(rows.GetString(0))] = new(new(rows.GetInt64(1), rows.GetInt64(2)), rows.GetBoolean(3));
        }
        return known;
    });

    public void Apply(IReadOnlyList<StoredPicture> written, IReadOnlyList<string> removed) => Guard(() =>
    {
        using NpgsqlBatch batch = new(_connection); // one transaction
        if (removed.Count > 0) { Add(batch, "DELETE FROM openvocab_picture WHERE index_id = @id AND name = ANY (@names)", ("id", _id), ("names", removed.ToArray())); }
        foreach (StoredPicture picture in written)
        {
            Add(batch,
                "INSERT INTO openvocab_picture (index_id, name, bytes, modified, fault, vector) VALUES (@id, @name, @bytes, @modified, @fault, @vector) " +
                "ON CONFLICT (index_id, name) DO UPDATE SET bytes = excluded.bytes, modified = excluded.modified, fault = excluded.fault, vector = excluded.vector",
                ("id", _id), ("name", picture.Name), ("bytes", picture.Stamp.Bytes), ("modified", picture.Stamp.Modified),
                ("fault", picture.Fault?[..Math.Min(picture.Fault.Length, LongestFault)].Replace('\0', '?')), ("vector", picture.Vector is { } vector ? new HalfVector(vector) : null));
        }
        return batch.BatchCommands.Count == 0 ? 0 : batch.ExecuteNonQuery();
    });

    public IReadOnlyList<StoredHit> Search(ReadOnlySpan<float> query, int count)
    {
        Half[] halves = new Half[query.Length];
        TensorPrimitives.ConvertToHalf(query, halves);
        return Guard(() =>
        {
            List<StoredHit> hits = [];
            Folder = ReadFolder();
            // <#> is the inner product times -1: what is smallest comes first.
            using NpgsqlDataReader rows = Prepare(
                "SELECT name, vector <#> @query FROM openvocab_picture WHERE index_id = @id AND vector IS NOT NULL ORDER BY 2, 1 LIMIT @count",
                ("query", new HalfVector(halves)), ("id", _id), ("count", count)).ExecuteReader();
            while (rows.Read()) { hits.Add(new(NameOf(rows.GetString(0)), (float)-rows.GetDouble(1))); }
            return hits;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _connection.Dispose();
            _source.Dispose();
        }
    }

    private static void Create(NpgsqlConnection connection, string name, EmbeddingModel model)
    {
        // Two programs that make the tables at once would trip over each other, IF NOT EXISTS or not.
        using NpgsqlTransaction all = connection.BeginTransaction();
        using NpgsqlBatch batch = new(connection, all);
        Add(batch, "SELECT pg_advisory_xact_lock(@class, 0)", ("class", LockClass));
        Add(batch, IndexTable);
        Add(batch, PictureTable);
        Add(batch,
            "INSERT INTO openvocab_index (name, version, model, sha256, dimensions, model_path) VALUES (@name, @version, @model, @sha256, @dimensions, @path) ON CONFLICT (name) DO NOTHING",
            ("name", name), ("version", Version), ("model", model.Name), ("sha256", model.Sha256), ("dimensions", model.Dimensions), ("path", model.Path));
        batch.ExecuteNonQuery();
        all.Commit();
    }

    private static void Add(NpgsqlBatch batch, string statement, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        NpgsqlBatchCommand command = new(statement);
        foreach ((string name, object? value) in values) { command.Parameters.AddWithValue(name, value ?? DBNull.Value); }
        batch.BatchCommands.Add(command);
    }

    private NpgsqlCommand Prepare(string statement, params ReadOnlySpan<(string Name, object Value)> values)
    {
        NpgsqlCommand command = new(statement, _connection);
        foreach ((string name, object value) in values) { command.Parameters.AddWithValue(name, value); }
        return command;
    }

    // Another machine may have been here since the connection was made.
    private string? ReadFolder() => Prepare("SELECT folder FROM openvocab_index WHERE id = @id", ("id", _id)).ExecuteScalar() as string;

    private string NameOf(string name) => PictureName.IsInside(name) ? name : throw IndexErrors.Damaged(
        Name, $"it names the picture \"{name[..Math.Min(name.Length, 200)]}\", which is no path below its folder");

    private T Guard<T>(Func<T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(ImageIndex));
            try { return work(); }
            catch (Exception fault) when (PostgresErrors.Wrap(Name, fault) is { } wrapped) { throw wrapped; }
        }
    }
}
