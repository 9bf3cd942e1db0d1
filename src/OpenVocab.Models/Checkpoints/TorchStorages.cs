namespace OpenVocab.Models.Checkpoints;

/// <summary>Torch's names of element types.</summary>
internal static class TorchStorages
{
    private const string Suffix = "Storage";

    /// <exception cref="InvalidDataException">The name is no storage of torch, or of a type that is not read.</exception>
    internal static ElementType TypeOf(PickleGlobal type) => !type.Name.EndsWith(Suffix, StringComparison.Ordinal) || type.Module is not ("torch" or "torch.cuda" or "torch.storage")
        ? throw new InvalidDataException($"{type} is no storage of torch")
        : type.Name[..^Suffix.Length] switch
        {
            "Float" => ElementType.Float32,
            "Half" => ElementType.Float16,
            "BFloat16" => ElementType.BFloat16,
            "Double" => ElementType.Float64,
            "Long" => ElementType.Int64,
            "Int" => ElementType.Int32,
            "Short" => ElementType.Int16,
            "Char" => ElementType.Int8,
            "Byte" or "Untyped" => ElementType.UInt8,
            "Bool" => ElementType.Bool,
            _ => throw new InvalidDataException($"numbers of {type} are not read"),
        };
}
