using System.Text;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Comparing;

/// <summary>Lines of data into a file that is in place when it is whole, to standard output, or nowhere.</summary>
internal sealed class LinesFile : IDisposable
{
    private readonly TextWriter? _output;
    private readonly AtomicFile? _file;

    /// <param name="path">A file, <c>-</c>, or null for nowhere.</param>
    /// <param name="output">Standard output.</param>
    /// <exception cref="SinkException">The folder cannot be written.</exception>
    internal LinesFile(string? path, TextWriter output)
    {
        if (path == "-") { _output = output; }
        else if (path is not null) { _file = new(path); }
    }

    /// <summary>False: whatever is written goes nowhere.</summary>
    internal bool IsWanted => _output is not null || _file is not null;

    /// <summary>Writes a line; where somebody reads standard output, at once.</summary>
    /// <exception cref="SinkException">The disk is full.</exception>
    internal void Write(string line, string ending = "\n")
    {
        _output?.Write(line + ending);
        _file?.Write(Encoding.UTF8.GetBytes(line + ending));
    }

    internal void Commit() => _file?.Commit();

    public void Dispose() => _file?.Dispose();
}
