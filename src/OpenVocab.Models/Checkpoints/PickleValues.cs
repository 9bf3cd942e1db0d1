namespace OpenVocab.Models.Checkpoints;

// What a pickle holds, as inert data: besides null, bool, long, double, string, byte[], List<object?> (lists and sets) and StoredTensor these.

/// <summary>The name of a class or function: never resolved to anything.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>Some values in a row.</summary>
internal sealed class PickleTuple(object?[] items)
{
    internal static PickleTuple Empty { get; } = new([]);

    internal object?[] Items { get; } = items;
}

/// <summary>Keys and values in the order in which they were set; text keys are found by name.</summary>
internal sealed class PickleDictionary
{
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    internal List<(object? Key, object? Value)> Entries { get; } = [];

    internal object? this[string key] => _byName.TryGetValue(key, out int i) ? Entries[i].Value : null;

    internal bool Contains(string key) => _byName.ContainsKey(key);

    internal void Set(object? key, object? value)
    {
        if (key is string name)
        {
            if (_byName.TryGetValue(name, out int i))
            {
                Entries[i] = (key, value);
                return;
            }
            _byName[name] = Entries.Count;
        }
        Entries.Add((key, value));
    }
}

/// <summary>An object of some class: its name, what it was made from, and what was put into it. Nothing of it was run.</summary>
internal sealed class PickleObject(PickleGlobal type, PickleTuple arguments)
{
    internal PickleGlobal Type { get; } = type;

    internal PickleTuple Arguments { get; } = arguments;

    /// <summary>Attributes, where they were set as a dictionary.</summary>
    internal PickleDictionary State { get; private set; } = new();

    internal void Build(object? state)
    {
        // Objects with slots have (dictionary, slots).
        object? attributes = state is PickleTuple { Items: [PickleDictionary first, ..] } ? first : state;
        if (attributes is PickleDictionary dictionary) { State = dictionary; }
    }
}
