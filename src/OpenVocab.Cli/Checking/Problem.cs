namespace OpenVocab.Cli.Checking;

/// <summary>Something that is wrong with a model.</summary>
/// <param name="Text">What, with the value and the bound.</param>
/// <param name="Remedy">What to do next.</param>
internal sealed record Problem(string Text, string Remedy)
{
    internal static Problem Of(OpenVocabException fault) => new(fault.Message, fault.Remedy);
}
