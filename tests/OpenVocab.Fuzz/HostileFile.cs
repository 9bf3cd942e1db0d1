namespace OpenVocab.Fuzz;

/// <summary>A file that must be refused.</summary>
/// <param name="Name">Short.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Content">Made when it is asked for.</param>
/// <param name="Says">A part of the message that the reader must give.</param>
internal sealed record HostileFile(string Name, string Reason, Func<byte[]> Content, string Says)
{
    public override string ToString() => $"{Name}: {Reason}";
}
