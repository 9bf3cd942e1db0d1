using System.Globalization;
using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Models.Networks;

/// <summary>A YOLO-World network as a checkpoint has it: its layers, and what the file says about it.</summary>
internal sealed class YoloWorldNetwork
{
    private const int MostLayers = 200;

    // Ultralytics' cfg/models/v8/yolov8-world.yaml and -worldv2.yaml: for state dictionaries, which do not tell how the layers are joined.
    private static readonly (string Type, long[] From)[] s_backbone =
    [
        ("Conv", [-1]), ("Conv", [-1]), ("C2f", [-1]), ("Conv", [-1]), ("C2f", [-1]), ("Conv", [-1]), ("C2f", [-1]), ("Conv", [-1]), ("C2f", [-1]), ("SPPF", [-1]),
        ("Upsample", [-1]), ("Concat", [-1, 6]), ("C2fAttn", [-1]), ("Upsample", [-1]), ("Concat", [-1, 4]), ("C2fAttn", [-1]),
    ];

    private static readonly (string Type, long[] From)[] s_neckOfVersion1 =
        [("ImagePoolingAttn", [15, 12, 9]), ("Conv", [15]), ("Concat", [-1, 12]), ("C2fAttn", [-1]), ("Conv", [-1]), ("Concat", [-1, 9]), ("C2fAttn", [-1]), ("WorldDetect", [15, 19, 22])];

    private static readonly (string Type, long[] From)[] s_neckOfVersion2 =
        [("Conv", [15]), ("Concat", [-1, 12]), ("C2fAttn", [-1]), ("Conv", [-1]), ("Concat", [-1, 9]), ("C2fAttn", [-1]), ("WorldDetect", [15, 18, 21])];

    private static readonly float[] s_usualStrides = [8, 16, 32];

    private readonly CheckpointModule _root;

    private YoloWorldNetwork(CheckpointModule root, IReadOnlyList<YoloWorldLayer> layers, StoredTensor? text, object? names)
    {
        (_root, Layers, TextFeatures, Names) = (root, layers, text, names);
        Head = layers[^1].Module ?? throw root.Lacks("head");
        StoredTensor firstWeight = root.Require("model").Require("0").Require("conv").RequireTensor("weight");
        (Width, ElementType) = (firstWeight.Shape[0], firstWeight.Type);
        IsFused = root.Require("model").Require("0").Find("bn") is null;
        Dimensions = layers.FirstOrDefault(layer => layer.Type == "C2fAttn")?.Module?.Require("attn").Require("gl").RequireTensor("weight") is { Shape: [_, var dimensions] } ? (int)dimensions : throw root.Lacks("block that looks at words");
    }

    internal IReadOnlyList<YoloWorldLayer> Layers { get; }

    internal CheckpointModule Head { get; }

    /// <summary>Embeddings of the words that the network was saved with, <c>[1, K, D]</c>; null where it has none.</summary>
    internal StoredTensor? TextFeatures { get; }

    /// <summary>A dictionary or a list of names, as the file has them; null where it has none.</summary>
    internal object? Names { get; }

    /// <summary>Length of a word's embedding.</summary>
    internal int Dimensions { get; }

    /// <summary>Channels of the first layer.</summary>
    internal long Width { get; }

    /// <summary>How the weights are stored.</summary>
    internal ElementType ElementType { get; }

    /// <summary>True where the batch normalizations are folded already.</summary>
    internal bool IsFused { get; }

    /// <summary>True: the text is made aware of the picture (version 1).</summary>
    internal bool HasImagePooling => Layers.Any(layer => layer.Type == "ImagePoolingAttn");

    /// <summary>True: regions are compared through a batch normalization (version 2).</summary>
    internal bool HasNormalizedHead => Head.Require("cv4").Require("0").Find("norm") is not null;

    /// <summary>YOLO's letter for the size, or null for a size of its own.</summary>
    internal string? Scale => Width switch { 16 => "n", 32 => "s", 48 => "m", 64 => "l", 80 => "x", _ => null };

    /// <summary>Pixels between the anchors of each level.</summary>
    internal IReadOnlyList<float> Strides
    {
        get
        {
            float[] strides = Head.FindTensor("stride") is { Count: > 0 and <= 8 } stored ? stored.ToFloats().Values.ToArray() : s_usualStrides;
            return strides.All(stride => stride is >= 1 and <= 256) && strides.Length == Layers[^1].From.Count ? strides : throw Head.Unsupported($"has the strides {string.Join(", ", strides)} for {Layers[^1].From.Count} levels");
        }
    }

    /// <summary>What it is, in words: <c>YOLO-World v2, scale s</c>.</summary>
    internal string Description => $"YOLO-World {(HasImagePooling, HasNormalizedHead) switch { (true, false) => "v1", (false, true) => "v2", _ => "of a mixed form" }}, {(Scale is { } scale ? $"scale {scale}" : $"a size of its own ({Width} channels at first)")}";

    /// <summary>Finds the network in a checkpoint.</summary>
    /// <returns>Null where the checkpoint holds no network of Ultralytics at all.</returns>
    /// <exception cref="ModelException">It holds another network, or one that cannot be read.</exception>
    internal static YoloWorldNetwork? Find(Checkpoint checkpoint)
    {
        object? found = checkpoint.Root is PickleDictionary dictionary ? dictionary["ema"] ?? dictionary["model"] ?? dictionary : checkpoint.Root;
        if (found is PickleObject network && checkpoint.Format != CheckpointFormat.TorchScript) { return OfObject(checkpoint.File, network); }
        if (found is PickleDictionary state && (state["model"] is null or PickleDictionary)) { return OfTensors(checkpoint, StateDictionary.Of(state)); }
        return null;
    }

    private static YoloWorldNetwork OfObject(string file, PickleObject network)
    {
        PickledModule root = new(file, "", network);
        if (root.Find("model") is not { } list || root.TypeName == "CLIP") { throw Other(file, network.Type.ToString()); }
        YoloWorldLayer[] layers = [.. list.Numbered().Take(MostLayers).Select((layer, i) => new YoloWorldLayer(i, layer.TypeName ?? "", layer.Integers("f") ?? [-1], layer))];
        if (layers.Length == 0 || layers[^1].Type != "WorldDetect") { throw Other(file, layers.Length > 0 ? $"{network.Type} with the head {layers[^1].Type}" : network.Type.ToString()); }
        return new(root, layers, network.State["txt_feats"] as StoredTensor, network.State["names"]);
    }

    private static YoloWorldNetwork? OfTensors(Checkpoint checkpoint, Dictionary<string, StoredTensor> tensors)
    {
        FlatModule root = FlatModule.Of(checkpoint.File, tensors);
        CheckpointModule? list = root.Find("model");
        int last = list is null ? -1 : Enumerable.Range(0, MostLayers).LastOrDefault(i => list.Find(i.ToString(CultureInfo.InvariantCulture)) is not null, -1);
        if (last < 0) { return null; }
        (string Type, long[] From)[] plan = [.. s_backbone, .. list!.Find("16")?.Find("projections") is null ? s_neckOfVersion2 : s_neckOfVersion1];
        if (list.Find(last.ToString(CultureInfo.InvariantCulture))?.Find("cv4")?.Find("0")?.FindTensor("logit_scale") is null || last != plan.Length - 1)
        {
            throw Other(checkpoint.File, $"a state dictionary of {last + 1} layers without the head of YOLO-World");
        }
        return new(root, [.. plan.Select((layer, i) => new YoloWorldLayer(i, layer.Type, layer.From, list.Find(i.ToString(CultureInfo.InvariantCulture))))], root.FindTensor("txt_feats"), null);
    }

    private static ModelException Other(string file, string what) => new(
        $"{file}: the file holds {what}; YOLO-World (WorldModel with WorldDetect) and CLIP are imported.",
        "Export other networks to ONNX with their own tools, and give the .onnx file to --model.");
}
