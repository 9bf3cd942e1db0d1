using OpenVocab.Sources;

namespace OpenVocab.Search;

/// <summary>What an index says of a source.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Kind">Picture or video.</param>
/// <param name="Stamp">Of the file that was looked at.</param>
/// <param name="Settings">How it was looked at: another way is another content.</param>
/// <param name="Precision">In which form the detector ran: <c>fp32</c> or <c>int8</c>; regions of all forms can be asked together.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
internal sealed record StoredSource(string Path, SourceKind Kind, SourceStamp Stamp, string Settings, string Precision, int Width, int Height)
{
    /// <summary>What messages and tables call it.</summary>
    internal string Name => System.IO.Path.GetFileName(Path);
}
