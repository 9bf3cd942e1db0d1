using System.Globalization;

namespace OpenVocab.Cli.Terminal;

/// <summary>The next free numbered folder, so that no run writes over another.</summary>
internal static class RunFolder
{
    /// <summary>Makes <c>parent/N</c> with the first N from 1 that is greater than all that exist.</summary>
    /// <exception cref="SinkException">The folder cannot be made.</exception>
    internal static string Next(string parent)
    {
        try
        {
            Directory.CreateDirectory(parent);
            int number = 1 + Directory.EnumerateDirectories(parent)
                .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int used) ? used : 0)
                .DefaultIfEmpty(0).Max();
            // A rename fails where somebody else was faster; making a folder does not.
            string claim = Directory.CreateDirectory(Path.Combine(parent, $".{Guid.NewGuid():N}")).FullName;
            while (true)
            {
                string folder = Path.Combine(parent, number.ToString(CultureInfo.InvariantCulture));
                try
                {
                    Directory.Move(claim, folder);
                    return folder;
                }
                catch (IOException) when (Directory.Exists(folder)) { number++; }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SinkException($"{parent}: no folder for the results can be made here: {fault.Message}", "Change to a folder that you may write to, or use --save-dir.", fault);
        }
    }
}
