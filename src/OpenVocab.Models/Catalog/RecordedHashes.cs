using System.Text.Json;
using OpenVocab.Sinks;

namespace OpenVocab.Models.Catalog;

/// <summary>
/// Remembers what files were whose hash the catalogue does not know: <c>hashes.json</c> beside the downloads. The first download is believed, a
/// later one that differs is not.
/// </summary>
internal sealed class RecordedHashes(string folder)
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where they are kept.</summary>
    internal string Path { get; } = System.IO.Path.Combine(folder, "hashes.json");

    /// <summary>What was recorded of a file, or null.</summary>
    /// <exception cref="ModelException">The records cannot be read: then nothing can be vouched for.</exception>
    internal RecordedHash? Find(WantedFile wanted) => Read().GetValueOrDefault(wanted.Name);

    /// <summary>Records a first download.</summary>
    internal async Task AddAsync(WantedFile wanted, RecordedHash hash, TimeProvider clock, CancellationToken cancellation)
    {
        using FileLock held = await FileLock.AcquireAsync(System.IO.Path.Combine(folder, ".hashes.json.lock"), clock, waiting: null, cancellation).ConfigureAwait(false);
        SortedDictionary<string, RecordedHash> all = Read();
        all[wanted.Name] = hash;
        try { AtomicFile.Write(Path, JsonSerializer.SerializeToUtf8Bytes(all, s_format)); }
        catch (SinkException fault) { throw DownloadErrors.Disk(Path, fault.InnerException ?? fault); }
    }

    private SortedDictionary<string, RecordedHash> Read()
    {
        try
        {
            return File.Exists(Path)
                ? JsonSerializer.Deserialize<SortedDictionary<string, RecordedHash>>(File.ReadAllBytes(Path), s_format) ?? throw new JsonException("it is null.")
                : new(StringComparer.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { throw DownloadErrors.Disk(Path, fault); }
        catch (JsonException fault)
        {
            throw new ModelException($"{Path}: the recorded hashes cannot be read: {fault.Message}", "Repair the file, or delete it to record the files anew as they are.", fault);
        }
    }
}
