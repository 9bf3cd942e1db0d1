namespace OpenVocab.Models.Checkpoints;

/// <summary>A part of a network as a checkpoint has it: tensors and parts by name, and what else is known of it. Parts are looked up when they are asked for, so that nothing is walked in circles.</summary>
internal abstract class CheckpointModule(string file, string path)
{
    private const int MostParts = 1000;

    /// <summary>For messages.</summary>
    internal string File { get; } = file;

    /// <summary>Names from the root, with dots between: the begin of the keys of a state dictionary.</summary>
    internal string Path { get; } = path;

    /// <summary>Name of its class without the module, or null where the file does not tell.</summary>
    internal abstract string? TypeName { get; }

    internal abstract CheckpointModule? Find(string name);

    internal abstract StoredTensor? FindTensor(string name);

    /// <summary>An attribute that is no tensor and no part, or null.</summary>
    internal abstract object? Attribute(string name);

    internal CheckpointModule Require(string name) => Find(name) ?? throw Lacks(Join(name));

    internal StoredTensor RequireTensor(string name) => FindTensor(name) ?? throw Lacks(Join(name));

    internal long? Integer(string name) => Attribute(name) as long?;

    internal double? Number(string name) => Attribute(name) switch { long whole => whole, double number => number, _ => null };

    /// <summary>A number or several, as Python's layers have sizes.</summary>
    internal long[]? Integers(string name) => Attribute(name) switch
    {
        long one => [one],
        PickleTuple { Items: var items } when items.All(item => item is long) => Array.ConvertAll(items, item => (long)item!),
        List<object?> items when items.Count <= MostParts && items.TrueForAll(item => item is long) => [.. items.Select(item => (long)item!)],
        _ => null,
    };

    /// <summary>The parts 0, 1, 2 …</summary>
    internal IEnumerable<CheckpointModule> Numbered()
    {
        for (int i = 0; i < MostParts && Find(Invariant($"{i}")) is { } part; i++) { yield return part; }
    }

    internal ModelException Lacks(string what) => new($"{File}: the network has no {what}.", "Give a whole checkpoint of a network that is supported (openvocab models import --help).");

    internal ModelException Unsupported(string why) => new($"{File}: {(Path.Length == 0 ? "the network" : Path)} {why}.", "openvocab models import --help names the networks that are supported.");

    protected string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
