using OpenVocab.Sources;

namespace OpenVocab.Cli.Options;

/// <summary>The sources that a person named.</summary>
internal static class SourceArguments
{
    /// <summary>Finds them all; what is not there does not keep the others from being looked at.</summary>
    /// <param name="texts">As <see cref="FrameSources.Find"/> takes them.</param>
    /// <param name="missing">Gets what was not found.</param>
    internal static List<SourceReference> Find(IEnumerable<string> texts, List<SourceException> missing)
    {
        List<SourceReference> found = [];
        foreach (string text in texts)
        {
            try { found.AddRange(FrameSources.Find(text)); }
            catch (SourceException fault) { missing.Add(fault); }
        }
        return found;
    }
}
