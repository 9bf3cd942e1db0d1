namespace OpenVocab.TestKit;

/// <summary>Golden files that are copied into the tests.</summary>
public static class Golden
{
    /// <summary>Path of a file below tests/OpenVocab.Tests/Golden.</summary>
    public static string Path(params string[] parts) => RepositoryFiles.Get(["tests", "OpenVocab.Tests", "Golden", .. parts]);
}
