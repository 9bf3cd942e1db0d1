using System.Globalization;
using System.Text;
using Google.Protobuf;
using OpenVocab.Bundles;
using OpenVocab.Models.Onnx;
using OpenVocab.Prompts;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models;

/// <summary>Writes a detector with its words baked in, as other programs expect a YOLO: pictures in, boxes and scores out, the names in the metadata.</summary>
public static class ModelExporter
{
    /// <summary>Writes an ONNX file.</summary>
    /// <param name="bundle">Holds the detector.</param>
    /// <param name="vocabulary">The words, one row a class: other programs know no synonyms. From <see cref="Detector.Encode"/>, or the bundle's own.</param>
    /// <param name="path">Replaced when the new file is whole.</param>
    /// <param name="imageSize">Written into the metadata, [height, width]; the file takes any size that the detector takes.</param>
    /// <exception cref="ModelException">The bundle has no detector with a text input.</exception>
    /// <exception cref="PromptException">There are no words, or a class has several prompts.</exception>
    /// <exception cref="SinkException">The file cannot be written.</exception>
    public static void Export(ModelBundle bundle, Vocabulary vocabulary, string path, Imaging.InputSize imageSize)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (vocabulary.Rows == 0) { throw new PromptException("There are no words to bake in.", "Give some with --classes."); }
        if (vocabulary.Rows != vocabulary.Classes.Count)
        {
            throw new PromptException($"{vocabulary.Classes.Count} classes have {vocabulary.Rows} prompts, synonyms and background included; in a file with baked-in words a class has exactly one.", "Give each class one prompt, and no background.");
        }
        ModelProto model = OnnxFile.Read(bundle.Require(BundleRoles.Detector).Path);
        ValueInfoProto text = model.Graph.Input.FirstOrDefault(input => input.Type?.TensorType?.Shape?.Dim is { Count: 2 or 3 } sides && sides[^1].DimValue == vocabulary.Dimensions)
            ?? throw new ModelException($"{bundle.Folder}: the detector has no text input for embeddings of {vocabulary.Dimensions} numbers.", "Use a bundle with a text input.");
        Bake(model, text, vocabulary);
        SetMetadata(model, vocabulary, imageSize, bundle.License);
        OnnxFile.Write(model, path);
    }

    // The input becomes a weight of the same name; everything that depends on it alone is folded when the file is loaded.
    private static void Bake(ModelProto model, ValueInfoProto text, Vocabulary vocabulary)
    {
        model.Graph.Input.Remove(text);
        TensorProto words = new() { Name = text.Name, DataType = (int)DataType.Float, RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vocabulary.Embeddings)) };
        words.Dims.Add(text.Type.TensorType.Shape.Dim.Count == 2 ? [vocabulary.Rows, vocabulary.Dimensions] : [1, vocabulary.Rows, vocabulary.Dimensions]);
        model.Graph.Initializer.Add(words);
        // Others look at the first output alone, and some at its fixed side.
        while (model.Graph.Output.Count > 1) { model.Graph.Output.RemoveAt(1); }
        if (model.Graph.Output[0].Type?.TensorType?.Shape?.Dim is { Count: 3 } sides) { sides[1] = new() { DimValue = 4 + vocabulary.Rows }; }
    }

    // The keys that Ultralytics' exporter writes, and that YoloDotNet and YoloSharp read.
    private static void SetMetadata(ModelProto model, Vocabulary vocabulary, Imaging.InputSize imageSize, string license)
    {
        model.MetadataProps.Clear();
        void Add(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        Add("description", $"OpenVocab detector with {vocabulary.Rows} classes baked in");
        Add("author", "OpenVocab");
        Add("date", TimeProvider.System.GetUtcNow().ToString("s", CultureInfo.InvariantCulture));
        Add("version", "8.3.63");
        Add("license", license);
        Add("docs", "");
        Add("stride", "32");
        Add("task", "detect");
        Add("batch", "1");
        Add("imgsz", Invariant($"[{imageSize.Height}, {imageSize.Width}]"));
        Add("names", PythonDictionary(vocabulary.Classes.Select(prompt => prompt.Name)));
    }

    private static string PythonDictionary(IEnumerable<string> names)
    {
        StringBuilder text = new("{");
        int index = 0;
        foreach (string name in names)
        {
            if (index > 0) { text.Append(", "); }
            text.Append(CultureInfo.InvariantCulture, $"{index++}: '{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'");
        }
        return text.Append('}').ToString();
    }
}
