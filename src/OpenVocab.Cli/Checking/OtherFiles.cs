namespace OpenVocab.Cli.Checking;

/// <summary>Files that are no ONNX and can be described all the same.</summary>
internal static class OtherFiles
{
    /// <summary>What a checkpoint is, or null for a file that nobody here can read.</summary>
    internal static ModelFindings? Describe(string path) => null;
}
