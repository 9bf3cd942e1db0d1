using Google.Protobuf;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Cli.Checking;

/// <summary>What ONNX Runtime does not tell of a file.</summary>
internal static class OnnxHeader
{
    /// <summary>Above it the weights are not worth a second reading.</summary>
    private const long LargestFile = 1L << 30;

    /// <summary>Versions of the operator sets, such as "17" or "17, com.microsoft 1"; null where the file cannot be read for it.</summary>
    internal static string? Opsets(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > LargestFile) { return null; }
            ModelProto model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(stream);
            return string.Join(", ", model.OpsetImport.Select(set => set.Domain is "" or "ai.onnx" ? Invariant($"{set.Version}") : Invariant($"{set.Domain} {set.Version}")));
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or IOException)
        {
            return null; // ONNX Runtime has read it, which is what counts
        }
    }
}
