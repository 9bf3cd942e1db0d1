namespace OpenVocab.Evaluation;

/// <summary>Finds the file of one part in a folder of COCO data, and the folder of its pictures.</summary>
/// <param name="File">The labels.</param>
/// <param name="Pictures">Its pictures' names are relative to this folder.</param>
internal sealed record CocoFolder(string File, string Pictures)
{
    private const string RoboflowFile = "_annotations.coco.json", Prefix = "instances_";

    /// <summary>Recognises COCO's layout (<c>annotations/instances_val2017.json</c>, <c>val2017</c>) and Roboflow's (<c>valid/_annotations.coco.json</c> beside the pictures); null for any other.</summary>
    /// <exception cref="SourceException">It is COCO's layout, and the part is missing or there are several that fit.</exception>
    internal static CocoFolder? Find(string folder, string split)
    {
        foreach (string place in DatasetSplit.Names(split).Select(name => Path.Combine(folder, name)).Prepend(folder))
        {
            string file = Path.Combine(place, RoboflowFile);
            if (System.IO.File.Exists(file)) { return new(file, place); }
        }
        string[] present = DataFile.In(Path.Combine(folder, "annotations"), ".json");
        return present.Length == 0 ? null : FindInstances(folder, split, present);
    }

    private static CocoFolder FindInstances(string folder, string split, string[] present)
    {
        string[] fitting = [.. present.Where(path => Path.GetFileName(path).StartsWith(Prefix + split, StringComparison.Ordinal))];
        if (fitting.Length == 0 || fitting.Length > 1 && !fitting.Any(IsExact))
        {
            string annotations = Path.Combine(folder, "annotations");
            string names = string.Join(", ", (fitting.Length == 0 ? present : fitting).Take(10).Select(path => Path.GetFileName(path)));
            throw fitting.Length == 0
                ? new SourceException(SourceFault.NotFound, $"{annotations}: there is no {Prefix}{split}*.json here; there are {names}.", "Choose another part (--split; in code: DatasetOptions.Split), or give the file itself.")
                : new SourceException(
                    SourceFault.Unsupported, $"{annotations}: several files fit {Prefix}{split}*.json: {names}.",
                    $"Name the part in full (--split {PartOf(fitting[0])}; in code: DatasetOptions.Split), or give the file itself.");
        }
        string file = Array.Find(fitting, IsExact) ?? fitting[0];
        string[] places = [Path.Combine(folder, PartOf(file)), Path.Combine(folder, "images", PartOf(file)), Path.Combine(folder, "images")];
        return new(file, Array.Find(places, Directory.Exists) ?? places[0]);

        bool IsExact(string path) => PartOf(path) == split;
    }

    private static string PartOf(string file) => Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
}
