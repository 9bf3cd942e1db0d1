namespace OpenVocab.TestKit;

/// <summary>Files of the checkout that a test reads in place: samples, models, documents.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds Detection.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path below the root.</summary>
    public static string Get(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Detection.sln"))) { return folder.FullName; }
        }
        throw new InvalidOperationException($"No Detection.sln above {AppContext.BaseDirectory}: run the tests inside of a checkout.");
    }
}
