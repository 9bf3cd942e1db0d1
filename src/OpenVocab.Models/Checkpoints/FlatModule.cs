namespace OpenVocab.Models.Checkpoints;

/// <summary>A part of a network of which only the names and tensors of a state dictionary are known.</summary>
internal sealed class FlatModule : CheckpointModule
{
    private readonly Dictionary<string, FlatModule> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private FlatModule(string file, string path) : base(file, path) { }

    internal override string? TypeName => null;

    internal static FlatModule Of(string file, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        FlatModule root = new(file, "");
        foreach ((string name, StoredTensor tensor) in tensors)
        {
            string[] parts = name.Split('.');
            FlatModule at = root;
            foreach (string part in parts.AsSpan(0, parts.Length - 1))
            {
                if (!at._parts.TryGetValue(part, out FlatModule? next)) { at._parts[part] = next = new(file, at.Join(part)); }
                at = next;
            }
            at._tensors[parts[^1]] = tensor;
        }
        return root;
    }

    internal override CheckpointModule? Find(string name) => _parts.GetValueOrDefault(name);

    internal override StoredTensor? FindTensor(string name) => _tensors.GetValueOrDefault(name);

    internal override object? Attribute(string name) => null;
}
