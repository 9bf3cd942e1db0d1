using OpenVocab.Bundles;

namespace OpenVocab.Models;

/// <summary>Where a bundle is made: beside its place, which it takes when it is whole.</summary>
internal static class BundleFolder
{
    /// <summary>Looks, before anything costly begins, whether a bundle may be put there.</summary>
    /// <exception cref="ModelException">There is something else.</exception>
    internal static void Check(string path)
    {
        if (File.Exists(path)) { throw Taken(path, "it is a file"); }
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() && !File.Exists(Path.Combine(path, ModelBundle.DescriptionFile))) { throw Taken(path, "there are other files in it"); }
    }

    /// <summary>Lets a bundle be written, and puts it in the place of an earlier one.</summary>
    /// <param name="path">The folder of the bundle.</param>
    /// <param name="write">Writes into the empty folder that it is given.</param>
    /// <exception cref="ModelException">The disk is full, or fails.</exception>
    internal static void Write(string path, Action<string> write)
    {
        Check(path);
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string stem = Path.Combine(Path.GetDirectoryName(path)!, Invariant($".{Path.GetFileName(path)}.{Guid.NewGuid():N}"));
        (string made, string old) = (stem + ".part", stem + ".old");
        try
        {
            Directory.CreateDirectory(made);
            write(made);
            if (Directory.Exists(path)) { Directory.Move(path, old); }
            Directory.Move(made, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the bundle cannot be written: {fault.Message}", "Check the folder, its rights and the disk, or give another one with -o.", fault);
        }
        finally
        {
            if (Directory.Exists(made)) { Directory.Delete(made, recursive: true); }
            if (Directory.Exists(old)) { Directory.Delete(old, recursive: true); }
        }
    }

    private static ModelException Taken(string path, string why) => new($"{path}: no bundle can be put there: {why}.", "Give a new or empty folder, or that of a bundle, which is replaced.");
}
