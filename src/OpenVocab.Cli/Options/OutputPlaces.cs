using OpenVocab.Cli.Terminal;
using OpenVocab.Sources;

namespace OpenVocab.Cli.Options;

/// <summary>Where results go: looked at before anything slow begins, so that no camera runs for an hour before somebody learns that nothing was kept.</summary>
internal static class OutputPlaces
{
    /// <summary>Refuses to write lines into what is read.</summary>
    /// <exception cref="SinkException">The file is one of the sources, by whatever link.</exception>
    internal static void KeepApart(string? lines, IEnumerable<SourceReference> sources, string what = "JSON lines", string option = "--jsonl")
    {
        if (lines is null or "-" || FileIdentity.Of(lines) is not { } target) { return; }
        if (sources.FirstOrDefault(source => source.Kind is SourceKind.Picture or SourceKind.Video && FileIdentity.Of(source.Name) == target) is { } same)
        {
            throw new SinkException($"{lines}: the {what} would be written into the source {same.Name}.", $"Choose another path with {option}.");
        }
    }

    /// <summary>Makes a folder, and tries whether files can be made in it.</summary>
    /// <exception cref="SinkException">It cannot be made or written.</exception>
    internal static void Prepare(string folder, string option)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SinkException($"{folder}: nothing can be written into this folder: {fault.Message}", $"Choose another with {option}.", fault);
        }
    }
}
