using System.Globalization;
using OpenVocab.Inference;
using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Networks;
using OpenVocab.Prompts;

namespace OpenVocab.Models;

/// <summary>The words that a detector was saved with, as names and unit vectors: with them it detects without any text encoder.</summary>
internal sealed record CheckpointVocabulary(IReadOnlyList<string> Names, Floats Rows)
{
    private const int MostRows = 100_000, LongestName = 1000;

    /// <summary>Reads them.</summary>
    /// <param name="network">From a checkpoint.</param>
    /// <param name="notes">Gets what was guessed.</param>
    /// <returns>Null where the checkpoint has none that can be used.</returns>
    internal static CheckpointVocabulary? Read(YoloWorldNetwork network, List<string> notes)
    {
        if (network.TextFeatures is not { Shape: [.., var rows, var dimensions] } features || features.Count != rows * dimensions || rows is < 1 or > MostRows || dimensions != network.Dimensions)
        {
            notes.Add("The checkpoint brings no embeddings of words of its own: it detects what a text encoder embeds.");
            return null;
        }
        Floats embeddings = new((int)features.Count, rows, dimensions);
        features.ToFloats().Values.CopyTo(embeddings.Values);
        for (int row = 0; row < rows; row++)
        {
            // A row of zeros would still take part in the attention, and mean nothing.
            if (UnitVector.Normalize(embeddings.Values.Slice(row * (int)dimensions, (int)dimensions))) { continue; }
            notes.Add($"The checkpoint's own embeddings cannot be used: row {row} is zero or not finite.");
            return null;
        }
        return new(NamesOf(network.Names, (int)rows, notes), embeddings);
    }

    private static string[] NamesOf(object? stored, int rows, List<string> notes)
    {
        string?[] names = new string?[rows];
        foreach ((int index, object? value) in Entries(stored))
        {
            // Plain indices are what Ultralytics writes where it knows no names.
            if (index >= 0 && index < rows && value is string { Length: > 0 and <= LongestName } name && name.Trim() is { Length: > 0 } trimmed && trimmed != Invariant($"{index}")) { names[index] = trimmed; }
        }
        if (names.All(name => name is null))
        {
            bool coco = rows == CocoNames.All.Count;
            notes.Add(coco ? "The checkpoint does not name its 80 classes: they are taken for COCO's." : $"The checkpoint does not name its {rows} classes: they are called class 0 to class {rows - 1}.");
            if (coco) { return [.. CocoNames.All]; }
        }
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < rows; i++)
        {
            string name = names[i] ?? Invariant($"class {i}"), unique = name;
            for (int copy = 2; !taken.Add(unique); copy++) { unique = Invariant($"{name} ({copy})"); }
            names[i] = unique;
        }
        return names!;
    }

    private static IEnumerable<(int Index, object? Name)> Entries(object? stored) => stored switch
    {
        PickleDictionary dictionary => dictionary.Entries.Select(entry => (entry.Key switch
        {
            long number => number is >= 0 and <= MostRows ? (int)number : -1,
            string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
            _ => -1,
        }, entry.Value)),
        List<object?> list => list.Take(MostRows).Select((name, i) => (i, name)),
        PickleTuple tuple => tuple.Items.Take(MostRows).Select((name, i) => (i, name)),
        _ => [],
    };
}
