using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OpenVocab.Prompts;
using SQLitePCL;

namespace OpenVocab.Search;

/// <summary>The things of a <see cref="StreamMemory"/> in memory, in the order of their numbers: added at the end, removed at the beginning, block by block. Not safe for several threads.</summary>
internal sealed class RememberedRows(int dimensions)
{
    private const int MostOfBlock = 4096, LongestName = 64;
    private const float FarthestPixel = 1_000_000;

    private readonly List<Block> _blocks = [];
    private readonly Dictionary<long, (Block Block, int Row)> _places = [];
    private readonly List<string> _streams = [];

    internal int Count => _places.Count;

    internal bool Contains(long id) => _places.ContainsKey(id);

    /// <summary>Reads them, and believes nothing: a file may come from anywhere.</summary>
    /// <exception cref="IndexException">It is damaged.</exception>
    internal static RememberedRows Read(IndexFile file, int dimensions)
    {
        RememberedRows all = new(dimensions);
        using SqliteCommand command = file.Prepare("SELECT id, stream, first, last, frames, best, x1, y1, x2, y2, region FROM thing ORDER BY id");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            long id = rows.GetInt64(0), first = rows.GetInt64(2), last = rows.GetInt64(3), frames = rows.GetInt64(4), best = rows.GetInt64(5);
            string stream = RegionIndexInfo.Text(file, rows, 1)!;
            if (stream.Length is 0 or > LongestName || stream.Any(char.IsControl)) { throw IndexErrors.Damaged(file.Path, $"thing {id} is of a stream whose name is none"); }
            if (!(0 <= first && first <= best && best <= last && last <= DateTime.MaxValue.Ticks && frames is > 0 and <= int.MaxValue)) { throw IndexErrors.Damaged(file.Path, $"thing {id} was seen from {first} to {last}, best at {best}, in {frames} frames"); }
            Box box = new((float)rows.GetDouble(6), (float)rows.GetDouble(7), (float)rows.GetDouble(8), (float)rows.GetDouble(9));
            if (!(box is { X1: >= -FarthestPixel, Y1: >= -FarthestPixel, X2: <= FarthestPixel, Y2: <= FarthestPixel } && box.X1 <= box.X2 && box.Y1 <= box.Y2)) { throw IndexErrors.Damaged(file.Path, $"thing {id} has the box {box}"); }
            ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(rows.Handle, 10);
            if (bytes.Length != dimensions * sizeof(ushort)) { throw IndexErrors.Damaged(file.Path, $"the region of thing {id} has {bytes.Length} bytes; {dimensions} numbers need {dimensions * sizeof(ushort)}"); }
            if (!all.Add(id, new(all.NumberOf(stream), null, new(first), new(last), (int)frames), new(best), box, MemoryMarshal.Cast<byte, Half>(bytes))) { throw IndexErrors.Damaged(file.Path, $"the region of thing {id} has a number that is none"); }
        }
        return all;
    }

    /// <param name="id">Greater than all before.</param>
    /// <param name="thing">Its region is finite.</param>
    internal void Add(long id, RememberedThing thing) => Add(id, Stored(thing), new(thing.Best.UtcTicks), thing.Box, thing.Region);

    /// <param name="id">One that there is.</param>
    /// <param name="thing">Its region is finite.</param>
    internal void Replace(long id, RememberedThing thing)
    {
        (Block block, int row) = _places[id];
        block.Things[row] = Stored(thing);
        block.Seen.Views[row] = new(row, new(thing.Best.UtcTicks), thing.Box);
        block.Seen.Regions.Replace(row, thing.Region);
    }

    /// <returns>The number of the thing that is gone. There must be one.</returns>
    internal long RemoveOldest()
    {
        Block block = _blocks[0];
        long id = block.Ids[block.Gone++];
        _places.Remove(id);
        if (block.Gone == MostOfBlock) { _blocks.RemoveAt(0); }
        return id;
    }

    internal IReadOnlyList<StreamAnswer> Ask(Vocabulary words, float[] queries, RegionSpace space, float minScore, int count)
    {
        // What fits is few: merged as if it were an index of its own.
        List<long> ids = [];
        List<StoredThing> things = [];
        List<StoredView> views = [];
        List<FittingThing> fitting = [];
        foreach (Block block in _blocks)
        {
            foreach (FittingThing fit in RegionAsker.Ask(block.Seen, words, queries, space, minScore).Where(fit => fit.Thing >= block.Gone))
            {
                fitting.Add(fit with { Thing = ids.Count, View = ids.Count });
                views.Add(block.Seen.Views[fit.View] with { Thing = ids.Count });
                things.Add(block.Things[fit.Thing]);
                ids.Add(block.Ids[fit.Thing]);
            }
        }
        SeenRegions seen = new([], things, views, new(dimensions));
        return [.. new AnswerMerge(seen).Run(fitting.OrderByDescending(fit => fit.Score).ThenByDescending(fit => ids[fit.Thing]), count).Select(merged => new StreamAnswer(
            ids[merged.Best.Thing], words.Classes[merged.Best.ClassId].Name, _streams[things[merged.Best.Thing].Source], At(merged.Things.Min(each => things[each].First)), At(merged.Things.Max(each => things[each].Last)),
            merged.Best.Score, views[merged.Best.View].Box))];
    }

    private bool Add(long id, StoredThing thing, TimeSpan best, Box box, ReadOnlySpan<Half> region)
    {
        if (_blocks.Count == 0 || _blocks[^1].Ids.Count == MostOfBlock) { _blocks.Add(new(dimensions)); }
        Block block = _blocks[^1];
        if (!block.Seen.Regions.TryAdd(region)) { return false; }
        int row = block.Ids.Count;
        block.Ids.Add(id);
        block.Things.Add(thing);
        block.Seen.Views.Add(new(row, best, box));
        _places[id] = (block, row);
        return true;
    }

    // Times as what they are since the year 1: an index counts from the start of its source.
    private StoredThing Stored(RememberedThing thing) => new(NumberOf(thing.Stream), null, new(thing.First.UtcTicks), new(thing.Last.UtcTicks), thing.Frames);

    private static DateTimeOffset At(TimeSpan time) => new(time.Ticks, TimeSpan.Zero);

    private int NumberOf(string stream)
    {
        int number = _streams.IndexOf(stream);
        if (number >= 0) { return number; }
        _streams.Add(stream);
        return _streams.Count - 1;
    }

    /// <summary>Each thing with its one view, row by row.</summary>
    private sealed class Block
    {
        internal Block(int dimensions) => Seen = new([], Things, [], new(dimensions));

        internal List<long> Ids { get; } = [];

        internal List<StoredThing> Things { get; } = [];

        internal SeenRegions Seen { get; }

        /// <summary>How many at its beginning are not remembered any more.</summary>
        internal int Gone { get; set; }
    }
}
