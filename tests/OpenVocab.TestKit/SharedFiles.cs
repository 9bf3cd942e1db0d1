namespace OpenVocab.TestKit;

/// <summary>Reference material that is not part of the repository: tests that need it skip with a reason when it is not there.</summary>
public static class SharedFiles
{
    /// <summary>The folder <c>shared</c> beside the repository, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the folder, or a skipped test.</summary>
    /// <param name="parts">Folders and file name.</param>
    /// <param name="skip">Called with the reason where the file is missing, usually <c>Assert.Skip</c>.</param>
    public static string Get(Action<string> skip, params string[] parts)
    {
        string name = Path.Combine(parts);
        string path = Path.Combine(Root ?? "", name);
        if (Root is null || !(File.Exists(path) || Directory.Exists(path))) { skip($"needs the reference file {name}, which is not part of the repository"); }
        return path;
    }

    private static string? Find()
    {
        string? repository = RepositoryFiles.Root;
        string? shared = repository is null ? null : Path.Combine(Path.GetDirectoryName(repository) ?? "", "shared");
        return Directory.Exists(shared) ? shared : null;
    }
}
