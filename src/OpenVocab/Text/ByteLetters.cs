using System.Text;

namespace OpenVocab.Text;

/// <summary>
/// The visible letter that stands for each of the 256 bytes in CLIP's vocabulary (GPT-2's byte alphabet): printable bytes stand for themselves, the
/// other 68 for U+0100 and up.
/// </summary>
internal static class ByteLetters
{
    private static readonly char[] s_letterOfByte = new char[256];

    static ByteLetters()
    {
        List<char> order = [];
        foreach ((int first, int last) in new[] { (33, 126), (161, 172), (174, 255) })
        {
            for (int value = first; value <= last; value++) { order.Add(s_letterOfByte[value] = (char)value); }
        }
        for (int value = 0, next = 256; value < 256; value++)
        {
            if (s_letterOfByte[value] == 0) { order.Add(s_letterOfByte[value] = (char)next++); }
        }
        InOrder = order;
    }

    /// <summary>All letters in the order of their ids: the printable bytes first.</summary>
    internal static IReadOnlyList<char> InOrder { get; }

    /// <summary>The UTF-8 bytes of a piece as letters.</summary>
    internal static string Map(string piece) => string.Concat(Encoding.UTF8.GetBytes(piece).Select(value => s_letterOfByte[value]));

    /// <summary>The byte behind a letter.</summary>
    internal static byte ByteOf(char letter) => (byte)Array.IndexOf(s_letterOfByte, letter);
}
