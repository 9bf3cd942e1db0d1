using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Models.Networks;

/// <summary>A CLIP as a checkpoint has it, under OpenAI's names whatever the file calls its parts.</summary>
internal sealed class ClipNetwork
{
    // From Hugging Face's names to OpenAI's, the longest first.
    private static readonly (string HuggingFace, string OpenAi)[] s_names =
    [
        ("text_model.embeddings.token_embedding.weight", "token_embedding.weight"), ("text_model.embeddings.position_embedding.weight", "positional_embedding"),
        ("text_model.encoder.layers.", "transformer.resblocks."), ("text_model.final_layer_norm.", "ln_final."),
        ("vision_model.embeddings.class_embedding", "visual.class_embedding"), ("vision_model.embeddings.patch_embedding.", "visual.conv1."),
        ("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"), ("vision_model.pre_layrnorm.", "visual.ln_pre."),
        ("vision_model.post_layernorm.", "visual.ln_post."), ("vision_model.encoder.layers.", "visual.transformer.resblocks."),
    ];

    private static readonly (string HuggingFace, string OpenAi)[] s_namesInBlocks =
        [(".layer_norm1.", ".ln_1."), (".layer_norm2.", ".ln_2."), (".self_attn.", ".attn."), (".mlp.fc1.", ".mlp.c_fc."), (".mlp.fc2.", ".mlp.c_proj.")];

    private static readonly string[] s_landmarks =
        ["text_model.embeddings.token_embedding.weight", "token_embedding.weight", "vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"];

    private ClipNetwork(FlatModule root, bool isHuggingFace)
    {
        (Root, IsHuggingFace) = (root, isHuggingFace);
        HasText = root.Find("token_embedding") is not null;
        HasImage = root.Find("visual") is not null;
        // Residual towers, for instance, project inside of a pooling layer of their own.
        if (HasImage && (root.Find("visual")!.FindTensor("proj") ?? root.Find("visual_projection")?.FindTensor("weight")) is null) { throw root.Unsupported("has an image tower that is no vision transformer (there is no visual.proj)"); }
    }

    internal CheckpointModule Root { get; }

    /// <summary>True where projections lie transposed and attention in three parts.</summary>
    internal bool IsHuggingFace { get; }

    internal bool HasText { get; }

    internal bool HasImage { get; }

    /// <summary>Vocabulary, positions and channels of the text tower.</summary>
    internal (long Words, long Positions, long Width) TextShape => (Root.Require("token_embedding").RequireTensor("weight").Shape[0], Root.RequireTensor("positional_embedding").Shape[0], Root.RequireTensor("positional_embedding").Shape[^1]);

    /// <summary>Length of an embedding.</summary>
    internal int Dimensions => (int)(HasText ? Projection("text_projection", Root).Shape[^1] : Projection("visual_projection", Root).Shape[^1]);

    /// <summary>By which similarities are multiplied; null where the file does not tell.</summary>
    internal float? LogitScale => Root.FindTensor("logit_scale") is { Count: 1 } scale ? MathF.Exp(scale.ToFloats().Values[0]) : null;

    /// <summary>Side of a patch in pixels.</summary>
    internal long Patch => Root.Require("visual").Require("conv1").RequireTensor("weight").Shape[^1];

    /// <summary>Side of a picture in pixels.</summary>
    internal long ImageSize
    {
        get
        {
            long positions = Root.Require("visual").RequireTensor("positional_embedding").Shape[0], side = (long)Math.Round(Math.Sqrt(positions - 1));
            return side * side == positions - 1 ? side * Patch : throw Root.Unsupported($"has {positions} positions in its image tower, which are no square and one more");
        }
    }

    /// <summary>What it is, in words.</summary>
    internal string Description
    {
        get
        {
            string text = HasText ? $"text {TextShape.Width} wide, {Root.Require("transformer").Require("resblocks").Numbered().Count()} layers, {TextShape.Words} tokens" : "no text tower";
            string image = HasImage ? $"image {Root.Require("visual").Require("conv1").RequireTensor("weight").Shape[0]} wide, {ImageSize} pixels in patches of {Patch}" : "no image tower";
            return $"CLIP ({(IsHuggingFace ? "Hugging Face's layout" : "OpenAI's layout")}; {text}; {image}; embeddings of {Dimensions})";
        }
    }

    /// <summary>Finds the network in a checkpoint.</summary>
    /// <returns>Null where it holds none.</returns>
    /// <exception cref="ModelException">A part is missing, or the network is of a form that is not known here.</exception>
    internal static ClipNetwork? Find(Checkpoint checkpoint)
    {
        Dictionary<string, StoredTensor> tensors = StateDictionary.Of(checkpoint.Root);
        // The shortest name: a detector may carry a whole CLIP deep inside.
        string? landmark = tensors.Keys.Where(key => s_landmarks.Any(end => key == end || key.EndsWith("." + end, StringComparison.Ordinal))).MinBy(key => key.Length);
        if (landmark is null) { return null; }
        string prefix = landmark[..^s_landmarks.First(end => landmark.EndsWith(end, StringComparison.Ordinal)).Length];
        bool huggingFace = landmark.Contains("text_model.", StringComparison.Ordinal) || landmark.Contains("vision_model.", StringComparison.Ordinal);
        // Newer models of open_clip keep the text tower below "text."; the image tower says where the root is.
        if (!huggingFace && prefix.EndsWith("text.", StringComparison.Ordinal)) { prefix = prefix[..^"text.".Length]; }
        Dictionary<string, StoredTensor> renamed = new(StringComparer.Ordinal);
        foreach ((string name, StoredTensor tensor) in tensors)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)) { renamed[Rename(name[prefix.Length..], huggingFace)] = tensor; }
        }
        return new(FlatModule.Of(checkpoint.File, renamed), huggingFace);
    }

    /// <summary><c>[width, embedding]</c>.</summary>
    internal Floats Projection(string name, CheckpointModule module)
    {
        if (IsHuggingFace) { return Linear.Transposed(module, module.Require(name).RequireTensor("weight")); }
        StoredTensor tensor = name == "visual_projection" ? Root.Require("visual").RequireTensor("proj") : module.FindTensor(name) ?? module.Require(name).RequireTensor("weight");
        return tensor.Shape.Length == 2 ? tensor.ToFloats() : throw module.Unsupported($"has a {name} of {tensor.Shape.Length} sides; a matrix is needed");
    }

    private static string Rename(string name, bool huggingFace)
    {
        if (!huggingFace) { return name.StartsWith("text.", StringComparison.Ordinal) ? name["text.".Length..] : name; }
        (string from, string to) = s_names.FirstOrDefault(pair => name.StartsWith(pair.HuggingFace, StringComparison.Ordinal));
        if (from is null) { return name; }
        name = to + name[from.Length..];
        foreach ((string there, string here) in s_namesInBlocks) { name = name.Replace(there, here, StringComparison.Ordinal); }
        return name;
    }
}
