namespace OpenVocab.Sinks;

/// <summary>Puts what an operating system says of a failed write into words.</summary>
internal static class SinkErrors
{
    private const int NoSpace = 28, NoSpaceQuota = 122, FileTooLarge = 27, ReadOnly = 30, AccessDenied = 13;

    /// <summary>True for what writing a file can throw for reasons outside of the code.</summary>
    internal static bool IsExpected(Exception fault) => fault is IOException or UnauthorizedAccessException;

    internal static SinkException Wrap(string path, Exception fault)
    {
        int code = fault.HResult & 0xFFFF;
        string remedy = code switch
        {
            NoSpace or NoSpaceQuota => "Free some space, or write to another disk with --save-dir.",
            FileTooLarge => "The file system or a limit allows no larger file: write to another disk with --save-dir.",
            ReadOnly or AccessDenied => "Give a folder that you may write to with --save-dir.",
            _ => fault is UnauthorizedAccessException ? "Give a folder that you may write to with --save-dir." : "Check the path, its rights and the disk.",
        };
        return new($"{path}: this cannot be written: {fault.Message}", remedy, fault);
    }
}
