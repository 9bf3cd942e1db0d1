using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OpenVocab.Sources;

namespace OpenVocab.Search;

/// <summary>An index of videos in one SQLite file: sources, the things that were seen in them, and a few views of each thing.</summary>
/// <remarks>Safe for several threads; one update at a time.</remarks>
internal sealed class VideoStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IndexFile _file;
    private SqliteCommand? _addThing, _addView;
    private bool _updating, _inSource, _disposed;

    private VideoStore(IndexFile file)
    {
        _file = file;
        RegionIndexInfo info = RegionIndexInfo.Read(file);
        (Model, Form) = (info.Model, info.Form);
    }

    internal string Name => _file.Path;

    internal EmbeddingModel Model { get; }

    internal RegionForm Form { get; }

    /// <summary>Opens an index that exists.</summary>
    /// <exception cref="IndexException">There is none, or it is damaged or something else.</exception>
    internal static VideoStore Open(string path, bool writable) => Owning(IndexFile.Open(path, IndexLayout.Videos, writable));

    /// <summary>Opens an index, and makes it where there is none.</summary>
    /// <exception cref="IndexException">It is damaged or something else, or it cannot be made.</exception>
    internal static VideoStore OpenOrCreate(string path, EmbeddingModel model, RegionForm form) => Owning(IndexFile.IsFree(path)
        ? IndexFile.Create(path, IndexLayout.Videos, new RegionIndexInfo(model, form).Write)
        : IndexFile.Open(path, IndexLayout.Videos, writable: true));

    internal long Count(string table) => Guard(() => _file.Ask(table switch
    {
        "source" => "SELECT count(*) FROM source",
        "thing" => "SELECT count(*) FROM thing",
        _ => "SELECT count(*) FROM view",
    }));

    /// <summary>Keeps other writers out until <see cref="EndUpdate"/>.</summary>
    /// <exception cref="IndexException">Somebody else writes, or the file cannot be written.</exception>
    internal void BeginUpdate() => Guard(() =>
    {
        _file.BeginWriting();
        _updating = true;
    });

    /// <summary>Puts on disk what was written, and goes on.</summary>
    internal void Commit() => Guard(() =>
    {
        _file.Run("COMMIT");
        _updating = false;
        _file.BeginWriting();
        _updating = true;
    });

    /// <summary>Ends the update: all sources that were ended are on disk; one that was not is as it was before.</summary>
    internal void EndUpdate() => Guard(() =>
    {
        if (!_updating) { return; }
        _updating = false;
        if (_inSource) { TakeBack(); }
        _file.Run("COMMIT");
    });

    /// <summary>Takes back all of the source that was begun.</summary>
    internal void DropSource() => Guard(TakeBack);

    /// <summary>All sources that the index knows, by path.</summary>
    internal Dictionary<string, StoredSource> ReadKnown() => Guard(() =>
    {
        Dictionary<string, StoredSource> known = new(StringComparer.Ordinal);
        foreach ((_, StoredSource source) in ReadSources()) { known[source.Path] = source; }
        return known;
    });

    /// <summary>Notes that an unchanged file has another time of change.</summary>
    internal void Touch(string path, FileStamp stamp) => Guard(() => _file.Run("UPDATE source SET modified = @modified WHERE path = @path", ("@modified", stamp.Modified), ("@path", path)));

    /// <summary>Writes a source in place of what was known of it.</summary>
    /// <returns>Its number, for <see cref="Add"/>.</returns>
    internal long Begin(StoredSource source)
    {
        return Guard(() =>
        {
            _file.Run("SAVEPOINT source");
            _inSource = true;
            Remove(source.Path);
            _file.Run("INSERT INTO source (path, kind, bytes, modified, fingerprint, settings, precision, width, height, frames, duration) VALUES (@path, @kind, @bytes, @modified, @fingerprint, @settings, @precision, @width, @height, 0, 0)",
                ("@path", source.Path), ("@kind", source.Kind.ToString()), ("@bytes", source.Stamp.File.Bytes), ("@modified", source.Stamp.File.Modified), ("@fingerprint", source.Stamp.Fingerprint),
                ("@settings", source.Settings), ("@precision", source.Precision), ("@width", source.Width), ("@height", source.Height));
            return _file.Ask("SELECT last_insert_rowid()");
        });
    }

    /// <summary>Says how a source ended.</summary>
    internal void End(long source, long frames, TimeSpan duration, string? damage) => Guard(() =>
    {
        _file.Run("UPDATE source SET frames = @frames, duration = @duration, damage = @damage WHERE id = @id", ("@frames", frames), ("@duration", duration.Ticks), ("@damage", damage), ("@id", source));
        _file.Run("RELEASE source");
        _inSource = false;
    });

    /// <summary>Writes a thing with its views.</summary>
    internal void Add(long source, SeenThing thing) => Guard(() =>
    {
        _addThing ??= _file.Prepare("INSERT INTO thing (source, track, first, last, frames) VALUES (@source, @track, @first, @last, @frames) RETURNING id",
            ("@source", 0L), ("@track", null), ("@first", 0L), ("@last", 0L), ("@frames", 0L));
        Set(_addThing, source, thing.Track, thing.First.Ticks, thing.Last.Ticks, thing.Frames);
        long id = (long)_addThing.ExecuteScalar()!;
        _addView ??= _file.Prepare("INSERT INTO view (thing, time, x1, y1, x2, y2, score, region) VALUES (@thing, @time, @x1, @y1, @x2, @y2, @score, @region)",
            ("@thing", 0L), ("@time", 0L), ("@x1", 0.0), ("@y1", 0.0), ("@x2", 0.0), ("@y2", 0.0), ("@score", 0.0), ("@region", null));
        foreach (SeenView view in thing.Views)
        {
            Set(_addView, id, view.Time.Ticks, view.Box.X1, view.Box.Y1, view.Box.X2, view.Box.Y2, view.Score, MemoryMarshal.AsBytes<Half>(view.Region).ToArray());
            _addView.ExecuteNonQuery();
        }
    });

    /// <summary>Reads all of it into memory.</summary>
    /// <exception cref="IndexException">It is damaged.</exception>
    internal SeenRegions Load() => Guard(() => new VideoReader(_file, Model.Dimensions).Read(ReadSources()));

    /// <summary>Changes with every commit of others, and only then.</summary>
    internal long Version() => Guard(() => _file.Ask("PRAGMA data_version"));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) { return; }
            _disposed = true;
            _addThing?.Dispose();
            _addView?.Dispose();
            _file.Dispose(); // what is not committed is rolled back
        }
    }

    private void Remove(string path)
    {
        _file.Run("DELETE FROM view WHERE thing IN (SELECT thing.id FROM thing JOIN source ON thing.source = source.id WHERE source.path = @path)", ("@path", path));
        _file.Run("DELETE FROM thing WHERE source IN (SELECT id FROM source WHERE path = @path)", ("@path", path));
        _file.Run("DELETE FROM source WHERE path = @path", ("@path", path));
    }

    private void TakeBack()
    {
        _inSource = false;
        _file.Run("ROLLBACK TO source");
        _file.Run("RELEASE source");
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++) { command.Parameters[i].Value = values[i] ?? DBNull.Value; }
    }

    private static VideoStore Owning(IndexFile file)
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

    private List<(long Id, StoredSource Source)> ReadSources()
    {
        List<(long, StoredSource)> sources = [];
        using SqliteCommand command = _file.Prepare("SELECT id, path, kind, bytes, modified, fingerprint, settings, precision, width, height FROM source ORDER BY id");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            string path = RegionIndexInfo.Text(_file, rows, 1)!;
            // What is opened later, and what tables show.
            if (path.Length == 0 || path.Any(char.IsControl) || !Path.IsPathFullyQualified(path)) { throw IndexErrors.Damaged(Name, "it names a source that is no full path on this system"); }
            SourceKind kind = RegionIndexInfo.Text(_file, rows, 2) == nameof(SourceKind.Picture) ? SourceKind.Picture : SourceKind.Video;
            SourceStamp stamp = new(new(rows.GetInt64(3), rows.GetInt64(4)), RegionIndexInfo.Text(_file, rows, 5)!);
            sources.Add((rows.GetInt64(0), new(path, kind, stamp, RegionIndexInfo.Text(_file, rows, 6)!, RegionIndexInfo.Text(_file, rows, 7)!, (int)rows.GetInt64(8), (int)rows.GetInt64(9))));
        }
        return sources;
    }

    private void Guard(Action work) => Guard(() =>
    {
        work();
        return 0;
    });

    private T Guard<T>(Func<T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(VideoIndex));
            try { return work(); }
            catch (SqliteException fault)
            {
                // Half of it may be there, and on a full disk SQLite has taken it back already.
                if (_updating)
                {
                    (_updating, _inSource) = (false, false);
                    _file.RollBack();
                }
                throw IndexErrors.Wrap(Name, fault, _file.Layout);
            }
        }
    }
}
