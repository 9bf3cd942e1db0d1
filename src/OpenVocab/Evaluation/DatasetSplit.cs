namespace OpenVocab.Evaluation;

/// <summary>The part of a set that somebody asked for, under the names that tools give it.</summary>
internal static class DatasetSplit
{
    private static readonly string[] s_validation = ["val", "validation", "valid"];

    /// <summary>The names to look for, best first.</summary>
    internal static IEnumerable<string> Names(string split) => s_validation.Contains(split) ? s_validation.Prepend(split).Distinct() : [split];

    /// <summary>Refuses what could not be the name of a file: it becomes a part of paths.</summary>
    internal static void Check(string split)
    {
        if (string.IsNullOrWhiteSpace(split) || split.AsSpan().IndexOfAny("/\\\0*?") >= 0 || split.StartsWith('.'))
        {
            throw new SourceException(SourceFault.NotFound, $"{DataFile.Quote(split)} cannot be the part of a data set.", "Name the part by a word, such as train, val or test.");
        }
    }
}
