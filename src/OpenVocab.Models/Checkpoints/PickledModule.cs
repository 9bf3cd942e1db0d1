namespace OpenVocab.Models.Checkpoints;

/// <summary>A module of torch that was pickled as an object, with all its attributes.</summary>
internal sealed class PickledModule(string file, string path, PickleObject module) : CheckpointModule(file, path)
{
    internal override string TypeName => module.Type.Name;

    internal override CheckpointModule? Find(string name) =>
        (module.State["_modules"] as PickleDictionary)?[name] is PickleObject part ? new PickledModule(File, Join(name), part) : null;

    internal override StoredTensor? FindTensor(string name) =>
        ((module.State["_parameters"] as PickleDictionary)?[name] ?? (module.State["_buffers"] as PickleDictionary)?[name] ?? module.State[name]) as StoredTensor;

    internal override object? Attribute(string name) => module.State[name];
}
