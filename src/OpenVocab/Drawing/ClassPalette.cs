using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Drawing;

/// <summary>
/// One colour per class, the same in every frame, run and process: it is chosen by the class's name. Two classes of a vocabulary whose names
/// choose alike get neighbouring colours of the table, until there are more classes (72) than colours.
/// </summary>
internal sealed class ClassPalette
{
    private static readonly ConditionalWeakTable<Vocabulary, ClassPalette> s_known = [];

    // Hues around the circle, light and dark by turns, so that neighbours differ; no grey, which is the colour of streets and walls.
    private static readonly int[] s_colors =
    [
        0xE6194B, 0x3CB44B, 0x4363D8, 0xF58231, 0x911EB4, 0x00A6A6, 0xF032E6, 0x9ACD00, 0xD2691E, 0x0082C8, 0xFFC800, 0x5A3FD6,
        0xFF6F91, 0x008F5A, 0x7B2D26, 0x46C7F0, 0xB8860B, 0x8A2BE2, 0x2E8B57, 0xFF4500, 0x1E40AF, 0xC71585, 0x6B8E23, 0x00CED1,
    ];

    private readonly Scalar[] _colors;

    private ClassPalette(Vocabulary vocabulary)
    {
        // Few classes get the clear colours; many need their dark and pale kin as well.
        bool[] taken = new bool[vocabulary.Classes.Count <= s_colors.Length ? s_colors.Length : 3 * s_colors.Length];
        _colors = new Scalar[vocabulary.Classes.Count];
        for (int i = 0; i < _colors.Length; i++)
        {
            ClassPrompt prompt = vocabulary.Classes[i];
            _colors[i] = prompt.Color is { } own
                ? ToScalar(int.Parse(own.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                : Shade(Choose(prompt.Name, taken));
        }
    }

    /// <summary>Colour of a class, in OpenCV's order: blue, green, red.</summary>
    internal Scalar this[int classId] => _colors[classId];

    /// <summary>The palette of a vocabulary.</summary>
    internal static ClassPalette For(Vocabulary vocabulary) => s_known.GetValue(vocabulary, static vocabulary => new(vocabulary));

    /// <summary>Black or white, whichever is read better on a colour (relative luminance, ITU-R BT.601).</summary>
    internal static Scalar Ink(Scalar paper) => 0.114 * paper.Val0 + 0.587 * paper.Val1 + 0.299 * paper.Val2 > 140 ? Scalar.Black : Scalar.White;

    private static int Choose(string name, bool[] taken)
    {
        int first = (int)(Fnv1a(name) % (uint)taken.Length);
        for (int step = 0; step < taken.Length; step++)
        {
            int slot = (first + step) % taken.Length;
            if (taken[slot]) { continue; }
            taken[slot] = true;
            return slot;
        }
        return first;
    }

    // string.GetHashCode differs from process to process.
    private static uint Fnv1a(string name)
    {
        uint hash = 2_166_136_261;
        foreach (byte value in Encoding.UTF8.GetBytes(name)) { hash = (hash ^ value) * 16_777_619; }
        return hash ^ hash >> 15;
    }

    private static Scalar Shade(int slot)
    {
        Scalar color = ToScalar(s_colors[slot % s_colors.Length]);
        return (slot / s_colors.Length) switch
        {
            0 => color,
            1 => new(color.Val0 * 0.6, color.Val1 * 0.6, color.Val2 * 0.6),
            _ => new(color.Val0 * 0.55 + 115, color.Val1 * 0.55 + 115, color.Val2 * 0.55 + 115),
        };
    }

    private static Scalar ToScalar(int rgb) => new(rgb & 255, rgb >> 8 & 255, rgb >> 16);
}
