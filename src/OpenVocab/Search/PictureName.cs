namespace OpenVocab.Search;

/// <summary>Names of pictures in an index: paths below its folder. An index may come from anywhere, and what it names is opened.</summary>
internal static class PictureName
{
    private const int Longest = 4096;

    /// <summary>True for a path that cannot leave the folder.</summary>
    internal static bool IsInside(string name) =>
        name.Length is > 0 and <= Longest && !name.Contains('\0') && !Path.IsPathRooted(name) && !(OperatingSystem.IsWindows() && name.AsSpan().ContainsAny('\\', ':')) &&
        name.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>The path in a folder.</summary>
    internal static string In(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name.Replace('/', '\\') : name);
}
