using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OpenVocab.Prompts;

namespace OpenVocab.Search;

/// <summary>A thing of a live stream by its best view.</summary>
/// <param name="Stream">Where it was seen.</param>
/// <param name="First">When it was seen first.</param>
/// <param name="Last">When it was seen last.</param>
/// <param name="Frames">In how many frames.</param>
/// <param name="Best">When its score was best.</param>
/// <param name="Box">Where it was then, in pixels of the stream.</param>
/// <param name="Region">What it is before it meets any word.</param>
/// <param name="Picture">JPEG of the box, small.</param>
internal sealed record RememberedThing(string Stream, DateTimeOffset First, DateTimeOffset Last, int Frames, DateTimeOffset Best, Box Box, Half[] Region, byte[] Picture);

/// <summary>A remembered thing that fits what was asked for.</summary>
/// <param name="Id">Its number: <see cref="StreamMemory.Picture"/>.</param>
/// <param name="Words">What it fits, as it was asked.</param>
/// <param name="Stream">Where it was seen.</param>
/// <param name="From">When it was seen first.</param>
/// <param name="To">When it was seen last.</param>
/// <param name="Score">Probability of its best view, 0 to 1.</param>
/// <param name="Box">Where it was in that view, in pixels of the stream.</param>
internal sealed record StreamAnswer(long Id, string Words, string Stream, DateTimeOffset From, DateTimeOffset To, float Score, Box Box);

/// <summary>
/// What live streams have shown, in one SQLite file and, but for the pictures, in memory. Bounded: the oldest things go first. Put on disk every few seconds, so a crash loses no more than those.
/// </summary>
/// <remarks>Safe for several threads. A disk that fails ends the remembering, and not the streams.</remarks>
internal sealed class StreamMemory : IDisposable
{
    private static readonly TimeSpan s_commit = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly IndexFile _file;
    private readonly Detector _detector;
    private readonly RememberedRows _rows;
    private readonly int _most;
    private readonly Action<IndexException> _failed;
    private readonly ITimer _timer;
    private bool _changed, _disposed;

    private StreamMemory(IndexFile file, Detector detector, int most, TimeProvider clock, Action<IndexException> failed)
    {
        (_file, _detector, _most, _failed) = (file, detector, most, failed);
        RegionIndexInfo info = RegionIndexInfo.Read(file);
        info.Check(file.Path, InfoOf(detector));
        Model = info.Model;
        file.BeginWriting();
        _rows = RememberedRows.Read(file, detector.RegionSpace.Dimensions);
        Bound();
        _timer = clock.CreateTimer(_ => Commit(), null, s_commit, s_commit);
    }

    /// <summary>Whose regions are remembered.</summary>
    internal EmbeddingModel Model { get; }

    /// <summary>How many things are remembered.</summary>
    internal int Count { get { lock (_gate) { return _rows.Count; } } }

    /// <summary>False after a failure of the disk: nothing is added any more.</summary>
    internal bool Works { get; private set; } = true;

    /// <summary>Opens a memory, and makes it where there is none; nobody else can write into it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="detector">Whose regions are remembered; embeds the words. Not disposed with the memory.</param>
    /// <param name="most">How many things are kept, at least 1.</param>
    /// <param name="clock">Says when to put things on disk.</param>
    /// <param name="failed">Told once when the disk fails.</param>
    /// <exception cref="IndexException">It is in use, damaged, something else, of another model, or cannot be made.</exception>
    /// <exception cref="ModelException">The model gives no regions.</exception>
    internal static StreamMemory Open(string path, Detector detector, int most, TimeProvider clock, Action<IndexException> failed)
    {
        path = Path.GetFullPath(path);
        RegionIndexInfo info = InfoOf(detector);
        IndexFile file = IndexFile.IsFree(path) ? IndexFile.Create(path, IndexLayout.Streams, info.Write) : IndexFile.Open(path, IndexLayout.Streams, writable: true);
        try { return new(file, detector, most, clock, failed); }
        catch (SqliteException fault)
        {
            file.Dispose();
            throw IndexErrors.Wrap(path, fault, IndexLayout.Streams);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Remembers a thing, or more of one.</summary>
    /// <param name="id">What the thing got before; null: it is new. One that had to go meanwhile is new as well.</param>
    /// <param name="thing">All that is known of it now.</param>
    /// <returns>Its number; null where the disk has failed.</returns>
    internal long? Put(long? id, RememberedThing thing) => Write(() =>
    {
        bool known = id is { } before && _rows.Contains(before);
        _file.Run(
            known
                ? "UPDATE thing SET first = @first, last = @last, frames = @frames, best = @best, x1 = @x1, y1 = @y1, x2 = @x2, y2 = @y2, region = @region, picture = @picture WHERE id = @id"
                : "INSERT INTO thing VALUES (NULL, @stream, @first, @last, @frames, @best, @x1, @y1, @x2, @y2, @region, @picture)",
            ("@first", thing.First.UtcTicks), ("@last", thing.Last.UtcTicks), ("@frames", thing.Frames), ("@best", thing.Best.UtcTicks), ("@x1", thing.Box.X1), ("@y1", thing.Box.Y1), ("@x2", thing.Box.X2), ("@y2", thing.Box.Y2),
            ("@region", MemoryMarshal.AsBytes<Half>(thing.Region).ToArray()), ("@picture", thing.Picture), known ? ("@id", id) : ("@stream", thing.Stream));
        _changed = true;
        long now = known ? id!.Value : _file.Ask("SELECT last_insert_rowid()");
        if (known) { _rows.Replace(now, thing); }
        else { _rows.Add(now, thing); }
        Bound();
        return (long?)now;
    });

    /// <summary>Finds things.</summary>
    /// <param name="words">Each class is asked for itself; its synonyms are one.</param>
    /// <param name="options">Threshold and number of answers.</param>
    /// <returns>Best score first.</returns>
    /// <exception cref="PromptException">A word has too many tokens.</exception>
    internal IReadOnlyList<StreamAnswer> Ask(PromptSet words, AskOptions options)
    {
        options.Validated();
        Vocabulary vocabulary = _detector.Encode(words);
        float[] queries = _detector.QueriesOf(vocabulary);
        lock (_gate) { return _rows.Ask(vocabulary, queries, _detector.RegionSpace, options.MinScore ?? _detector.Bundle.Detector.ScoreThreshold, options.Count); }
    }

    /// <summary>The picture of a thing, a JPEG; null where it is not, or no longer, remembered.</summary>
    internal byte[]? Picture(long id)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                using SqliteCommand command = _file.Prepare("SELECT picture FROM thing WHERE id = @id", ("@id", id));
                return command.ExecuteScalar() as byte[];
            }
            catch (SqliteException fault) { throw IndexErrors.Wrap(_file.Path, fault, IndexLayout.Streams); }
        }
    }

    /// <summary>Puts on disk what is not there yet, and closes the file. Safe to call twice.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (_disposed) { return; }
            Write<long?>(() =>
            {
                _file.Run("COMMIT");
                return null;
            });
            _disposed = true;
            _file.Dispose();
        }
    }

    private static RegionIndexInfo InfoOf(Detector detector) => new(VideoIndexer.ModelOf(detector, detector.RegionSpace, null), detector.RegionSpace.Form);

    private void Bound()
    {
        while (_rows.Count > _most) { _file.Run("DELETE FROM thing WHERE id = @id", ("@id", _rows.RemoveOldest())); }
    }

    private void Commit() => Write<long?>(() =>
    {
        if (!_changed) { return null; }
        _file.Run("COMMIT");
        _changed = false;
        _file.BeginWriting();
        return null;
    });

    private T? Write<T>(Func<T?> work)
    {
        lock (_gate)
        {
            if (_disposed || !Works) { return default; }
            try { return work(); }
            catch (SqliteException fault)
            {
                Works = false;
                try { _file.RollBack(); }
                catch (SqliteException) { } // the first fault says it
                _failed(IndexErrors.Wrap(_file.Path, fault, IndexLayout.Streams));
                return default;
            }
        }
    }
}
