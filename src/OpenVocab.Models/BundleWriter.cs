using System.Text.Json;
using System.Text.Json.Nodes;
using OpenVocab.Bundles;
using OpenVocab.Sinks;

namespace OpenVocab.Models;

/// <summary>Makes a bundle in a folder beside its place, and renames it when it is whole. An older bundle of that name is replaced; a folder that holds anything else is never touched.</summary>
internal sealed class BundleWriter : IDisposable
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _target, _temporary;
    private readonly JsonArray _files = [];
    private bool _placed;

    /// <exception cref="SinkException">The folder holds something else, or cannot be written.</exception>
    internal BundleWriter(string folder)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _temporary = Path.Combine(Path.GetDirectoryName(_target) ?? _target, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.part");
        Check(_target);
        Try(() => Directory.CreateDirectory(_temporary));
    }

    /// <summary>Where a file is to be written until <see cref="Commit"/>.</summary>
    internal string PathOf(string file) => Path.Combine(_temporary, file);

    /// <summary>Copies a file into the bundle.</summary>
    internal void Copy(string role, string path)
    {
        string file = Path.GetFileName(path);
        Try(() => File.Copy(path, PathOf(file)));
        Add(role, file);
    }

    /// <summary>Notes a file that was written.</summary>
    internal void Add(string role, string file)
    {
        _files.Add(new JsonObject { ["role"] = role, ["path"] = file, ["sha256"] = FileHash.Of(PathOf(file)), ["bytes"] = new FileInfo(PathOf(file)).Length });
    }

    /// <summary>Path of the first file of a role, or null.</summary>
    internal string? Find(string role) => _files.FirstOrDefault(file => file!["role"]!.GetValue<string>() == role) is { } found ? PathOf(found["path"]!.GetValue<string>()) : null;

    /// <summary>Writes the description and puts the folder in its place.</summary>
    /// <param name="description">Everything but the files and the schema's version.</param>
    internal void Commit(JsonObject description)
    {
        JsonObject whole = new() { ["schemaVersion"] = 1 };
        foreach ((string name, JsonNode? value) in description) { whole[name] = value?.DeepClone(); }
        whole["files"] = _files;
        Try(() =>
        {
            File.WriteAllText(PathOf(ModelBundle.DescriptionFile), whole.ToJsonString(s_indented) + "\n");
            // Checked again: somebody may have put something there meanwhile.
            Check(_target);
            string old = _temporary + ".old";
            bool replaces = Directory.Exists(_target);
            if (replaces) { Directory.Move(_target, old); }
            Directory.Move(_temporary, _target);
            _placed = true;
            if (replaces) { Directory.Delete(old, recursive: true); }
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_placed && Directory.Exists(_temporary)) { Directory.Delete(_temporary, recursive: true); }
    }

    /// <summary>Looks, before anything costly begins, whether a bundle may be put there.</summary>
    /// <exception cref="SinkException">There is something else.</exception>
    internal static void Check(string folder)
    {
        if (File.Exists(folder)) { throw new SinkException($"{folder}: this is a file; a bundle is a folder.", "Give another folder to -o."); }
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any()) { return; }
        HashSet<string> known = [ModelBundle.DescriptionFile];
        if (File.Exists(Path.Combine(folder, ModelBundle.DescriptionFile))) { known.UnionWith(BundleDescription.Read(folder).Files.Select(file => Path.GetFileName(file.Path))); }
        if (Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).FirstOrDefault(name => !known.Contains(name)) is { } other)
        {
            throw new SinkException($"{folder}: the folder holds {other}, which is no part of a bundle; nothing in it is touched.", "Give an empty or a new folder to -o.");
        }
    }

    private void Try(Action action)
    {
        try { action(); }
        catch (Exception fault) when (SinkErrors.IsExpected(fault)) { throw SinkErrors.Wrap(_target, fault); }
    }
}
