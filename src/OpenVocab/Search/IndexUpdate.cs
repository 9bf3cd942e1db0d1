using System.Diagnostics;

namespace OpenVocab.Search;

/// <summary>One run over a folder: what is new or has changed is embedded, what is gone is removed, and after each batch all of it is on disk.</summary>
internal sealed class IndexUpdate(IIndexStore store, IPictureEmbedder embedder, IndexOptions options, IProgress<IndexProgress>? progress, CancellationToken cancellation)
{
    private const int RemovedAtOnce = 10_000;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<UnreadPicture> _failed = [];
    private Dictionary<string, KnownPicture> _known = [];
    private int _added, _changed, _removed;

    internal IndexReport Run(string folder)
    {
        bool interrupted = false;
        List<FoundPicture> found = [], wanted = [];
        store.BeginUpdate();
        try
        {
            if (store.Folder is { } own && own != folder && !options.Moved) { throw IndexErrors.OtherFolder(store.Name, own, folder); }
            found = FolderPictures.Find(folder, options.Recursive, cancellation);
            _known = store.ReadKnown();
            if (found.Count == 0)
            {
                throw _known.Count > 0
                    ? IndexErrors.NothingThere(store.Name, folder, _known.Count)
                    : new SourceException(SourceFault.NotFound, $"{folder}: there is no picture in this folder.", "Give a folder with pictures.");
            }
            if (store.Folder != folder) { store.SetFolder(folder); }
            wanted = [.. found.Where(file => !_known.TryGetValue(file.Name, out KnownPicture known) || known.Stamp != file.Stamp)];
            Remove(found);
            Embed(folder, wanted);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested) { interrupted = true; }
        finally { store.EndUpdate(); }
        HashSet<string> looked = [.. wanted.Select(file => file.Name)];
        return new()
        {
            Added = _added, Changed = _changed, Removed = _removed, Unchanged = found.Count - wanted.Count, Failed = _failed,
            FailedBefore = found.Count(file => _known.TryGetValue(file.Name, out KnownPicture known) && known.Failed && !looked.Contains(file.Name)),
            Elapsed = Stopwatch.GetElapsedTime(_start), Interrupted = interrupted,
        };
    }

    private void Remove(List<FoundPicture> found)
    {
        HashSet<string> there = [.. found.Select(file => file.Name)];
        foreach (string[] gone in _known.Keys.Where(name => !there.Contains(name)).Chunk(RemovedAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            store.Apply([], gone);
            _removed += gone.Length;
        }
    }

    private void Embed(string folder, List<FoundPicture> wanted)
    {
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        using PictureBatch batch = new(folder, embedder, options.Limits);
        foreach (FoundPicture[] files in wanted.Chunk(Environment.ProcessorCount))
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Decode(files);
            done += files.Length;
            if (!batch.IsFull && done < wanted.Count) { continue; }
            _failed.AddRange(batch.Failed);
            IReadOnlyList<StoredPicture> written = batch.Take();
            store.Apply(written, []);
            foreach (StoredPicture picture in written.Where(picture => picture.Vector is not null))
            {
                if (_known.ContainsKey(picture.Name)) { _changed++; }
                else { _added++; }
            }
            progress?.Report(new(done, wanted.Count, _failed.Count, Stopwatch.GetElapsedTime(start)));
        }
    }
}
