using System.Runtime.InteropServices;

namespace OpenVocab.Cli.Terminal;

/// <summary>Tells whether two paths lead to one file, by whatever links.</summary>
internal static partial class FileIdentity
{
    private const int CurrentFolder = -100;
    private const uint Inode = 0x100;

    /// <summary>What is equal for all paths to one file; null where there is no file.</summary>
    internal static string? Of(string path)
    {
        if (!File.Exists(path)) { return null; }
        if (OperatingSystem.IsLinux())
        {
            // struct statx (Linux's uapi/linux/stat.h): the inode at 32, the device at 136 and 140, on every processor.
            Span<byte> status = stackalloc byte[256];
            if (Status(CurrentFolder, path, 0, Inode, status) == 0)
            {
                return Invariant($"{MemoryMarshal.Read<uint>(status[136..])}:{MemoryMarshal.Read<uint>(status[140..])}:{MemoryMarshal.Read<ulong>(status[32..])}");
            }
        }
        // Elsewhere hard links are not seen.
        return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, Span<byte> status);
}
