namespace OpenVocab.Models.Checkpoints;

/// <summary>All tensors below an object by the names that torch gives them: of a dictionary, of a module, and of TorchScript's objects, whose attributes are the names.</summary>
internal static class StateDictionary
{
    private const int Deepest = 32, MostVisits = 1_000_000;

    private static readonly HashSet<string> s_partsOfModules = ["_modules", "_parameters", "_buffers"];

    /// <summary>Finds them.</summary>
    /// <param name="root">From a pickle; may hold itself again.</param>
    internal static Dictionary<string, StoredTensor> Of(object? root)
    {
        Dictionary<string, StoredTensor> found = new(StringComparer.Ordinal);
        Stack<(string Name, object? Value, int Depth)> open = new([("", root, 0)]);
        for (int visits = 0; open.Count > 0 && visits < MostVisits; visits++)
        {
            (string name, object? value, int depth) = open.Pop();
            if (value is StoredTensor tensor) { found[name] = tensor; }
            PickleDictionary? inner = value as PickleDictionary ?? (value as PickleObject)?.State;
            if (inner is null || depth == Deepest) { continue; }
            foreach ((object? key, object? item) in inner.Entries)
            {
                if (key is not string part || item is not (StoredTensor or PickleDictionary or PickleObject)) { continue; }
                string whole = s_partsOfModules.Contains(part) ? name : name.Length == 0 ? part : $"{name}.{part}";
                if (open.Count < MostVisits) { open.Push((whole, item, depth + 1)); }
            }
        }
        return found;
    }
}
