using OpenVocab.Bundles;

namespace OpenVocab.TestKit;

/// <summary>Golden files that are copied into the tests, and arrays read from them.</summary>
public static class Golden
{
    /// <summary>Path of a file below tests/OpenVocab.Tests/Golden.</summary>
    public static string Path(params string[] parts) => RepositoryFiles.Get(["tests", "OpenVocab.Tests", "Golden", .. parts]);

    /// <summary>All arrays of an <c>.npz</c>.</summary>
    internal static NpzFile Arrays(string path) => NpzFile.Read(path);
}
