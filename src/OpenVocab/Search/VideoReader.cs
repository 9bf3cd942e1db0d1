using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenVocab.Search;

/// <summary>Reads an index of videos into memory, and believes nothing of it: a file may come from anywhere.</summary>
internal sealed class VideoReader(IndexFile file, int dimensions)
{
    /// <summary>More is hours to index and gigabytes to hold.</summary>
    private const int MostViews = 50_000_000;

    private const float FarthestPixel = 1_000_000;

    internal SeenRegions Read(List<(long Id, StoredSource Source)> sources)
    {
        Dictionary<long, int> sourceOf = [];
        foreach ((long id, _) in sources) { sourceOf[id] = sourceOf.Count; }
        (List<StoredThing> things, Dictionary<long, int> thingOf) = ReadThings(sourceOf);
        (List<StoredView> views, RegionTable regions) = ReadViews(thingOf);
        return new([.. sources.Select(each => each.Source)], things, views, regions);
    }

    private (List<StoredThing> Things, Dictionary<long, int> ById) ReadThings(Dictionary<long, int> sourceOf)
    {
        List<StoredThing> things = [];
        Dictionary<long, int> byId = [];
        using SqliteCommand command = file.Prepare("SELECT id, source, track, first, last, frames FROM thing ORDER BY source, id");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (things.Count == MostViews) { throw IndexErrors.Damaged(file.Path, $"it has more than {MostViews} things"); }
            long id = rows.GetInt64(0);
            if (!sourceOf.TryGetValue(rows.GetInt64(1), out int source)) { throw IndexErrors.Damaged(file.Path, $"thing {id} is of no source that is in it"); }
            (long first, long last, long frames) = (rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5));
            if (!(0 <= first && first <= last && frames is > 0 and <= int.MaxValue)) { throw IndexErrors.Damaged(file.Path, $"thing {id} was seen from {first} to {last}, in {frames} frames"); }
            byId[id] = things.Count;
            things.Add(new(source, rows.IsDBNull(2) ? null : (int)rows.GetInt64(2), new(first), new(last), (int)frames));
        }
        return (things, byId);
    }

    private (List<StoredView> Views, RegionTable Regions) ReadViews(Dictionary<long, int> thingOf)
    {
        List<StoredView> views = [];
        RegionTable regions = new(dimensions);
        using SqliteCommand command = file.Prepare("SELECT id, thing, time, x1, y1, x2, y2, region FROM view ORDER BY thing, id");
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (views.Count == MostViews) { throw IndexErrors.Damaged(file.Path, $"it has more than {MostViews} views"); }
            long id = rows.GetInt64(0), time = rows.GetInt64(2);
            if (!thingOf.TryGetValue(rows.GetInt64(1), out int thing)) { throw IndexErrors.Damaged(file.Path, $"view {id} is of no thing that is in it"); }
            Box box = new((float)rows.GetDouble(3), (float)rows.GetDouble(4), (float)rows.GetDouble(5), (float)rows.GetDouble(6));
            if (time < 0 || !(box is { X1: >= -FarthestPixel, Y1: >= -FarthestPixel, X2: <= FarthestPixel, Y2: <= FarthestPixel } && box.X1 <= box.X2 && box.Y1 <= box.Y2))
            {
                throw IndexErrors.Damaged(file.Path, $"view {id} has the time {time} and the box {box}");
            }
            // The reader's own methods would allocate an array a row.
            ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(rows.Handle, 7);
            if (bytes.Length != dimensions * sizeof(ushort)) { throw IndexErrors.Damaged(file.Path, $"the region of view {id} has {bytes.Length} bytes; {dimensions} numbers need {dimensions * sizeof(ushort)}"); }
            if (!regions.TryAdd(MemoryMarshal.Cast<byte, Half>(bytes))) { throw IndexErrors.Damaged(file.Path, $"the region of view {id} has a number that is none"); }
            views.Add(new(thing, new(time), box));
        }
        return (views, regions);
    }
}
