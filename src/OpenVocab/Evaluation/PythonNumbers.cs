namespace OpenVocab.Evaluation;

/// <summary>Python's json writes <c>NaN</c> and <c>Infinity</c>, which are no JSON.</summary>
internal static class PythonNumbers
{
    private static readonly byte[][] s_words = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>Makes strings of them, in place and of the same length, so that the file can be read and each of them be named where it stands.</summary>
    internal static void Quote(Span<byte> json)
    {
        // Nearly all files have none: two searches at the speed of memory.
        if (json.IndexOf("NaN"u8) < 0 && json.IndexOf("Infinity"u8) < 0) { return; }
        bool inString = false;
        for (int at = 0; at < json.Length; at++)
        {
            if (json[at] == '"') { inString = !inString; }
            else if (inString) { at += json[at] == '\\' ? 1 : 0; }
            else if (LengthOfWord(json[at..]) is > 0 and var length)
            {
                (json[at], json[at + length - 1]) = ((byte)'"', (byte)'"');
                at += length - 1;
            }
        }
    }

    private static int LengthOfWord(ReadOnlySpan<byte> json)
    {
        foreach (byte[] word in s_words)
        {
            if (json.StartsWith(word)) { return word.Length; }
        }
        return 0;
    }
}
