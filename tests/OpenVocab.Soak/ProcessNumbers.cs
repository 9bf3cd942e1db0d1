using System.Globalization;

namespace OpenVocab.Soak;

/// <summary>What the system says of this process (Linux: /proc).</summary>
internal sealed record ProcessNumbers(double ResidentMegabytes, double ManagedMegabytes, int Natives, int Threads, int Handles, int Children)
{
    internal static ProcessNumbers Read()
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        return new(Number(status, "VmRSS:") / 1024.0, GC.GetTotalMemory(false) / 1048576.0, NativeCount.Alive, (int)Number(status, "Threads:"), Directory.GetFileSystemEntries("/proc/self/fd").Length, CountChildren());
    }

    /// <summary>Processes that we started and that have not ended.</summary>
    internal static int CountChildren()
    {
        int children = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)) { continue; }
            try
            {
                // pid (name) state ppid …; a name may hold blanks and brackets.
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] rest = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (rest[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) && rest[0] != "Z") { children++; }
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { } // it ended while we looked
        }
        return children;
    }

    private static long Number(string[] lines, string name) =>
        long.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
