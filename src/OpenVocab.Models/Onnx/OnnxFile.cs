using Google.Protobuf;
using OpenVocab.Sinks;

namespace OpenVocab.Models.Onnx;

/// <summary>ONNX files as messages.</summary>
internal static class OnnxFile
{
    /// <summary>What protobuf can hold; larger models need their weights in files beside.</summary>
    private const long Largest = int.MaxValue, Slack = 64 << 20;

    /// <summary>Writes a model beside its place and renames it when it is whole.</summary>
    /// <exception cref="ModelException">It is too large.</exception>
    /// <exception cref="SinkException">It cannot be written.</exception>
    internal static void Write(ModelProto model, string path)
    {
        long size = model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length);
        if (size > Largest - Slack) { throw new ModelException($"{path}: the weights have {size} bytes; an ONNX file holds at most {Largest - Slack}.", "Import with --half, or a smaller model."); }
        using AtomicFile file = new(path);
        try { model.WriteTo(file.Stream); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(path, fault); }
        file.Commit();
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="ModelException">It is missing or no ONNX file.</exception>
    internal static ModelProto Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            ModelProto model = ModelProto.Parser.ParseFrom(file);
            return model.Graph is not null ? model : throw new InvalidDataException("it has no graph");
        }
        catch (Exception fault) when (fault is InvalidProtocolBufferException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: this ONNX file cannot be read: {fault.Message.TrimEnd('.')}.", "Give an ONNX file.", fault);
        }
    }
}
