namespace OpenVocab.Cli.Checking;

/// <summary>An input or output.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Role">What it is here, or "not read", or "unknown".</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Its dimensions; -1 where the file leaves one open.</param>
internal sealed record TensorFinding(string Name, string Role, string Type, IReadOnlyList<int> Shape);
