namespace OpenVocab.Models.Checkpoints;

/// <summary>One entry of a zip file.</summary>
/// <param name="Name">With its folders.</param>
/// <param name="Start">Where its bytes begin.</param>
/// <param name="PackedSize">Bytes in the file.</param>
/// <param name="Size">Bytes when unpacked.</param>
/// <param name="Crc">CRC-32 of the unpacked bytes.</param>
/// <param name="IsDeflated">False: stored as it is.</param>
/// <param name="Header">Where its local header begins.</param>
internal sealed record ZipEntry(string Name, long Start, long PackedSize, long Size, uint Crc, bool IsDeflated, long Header);
