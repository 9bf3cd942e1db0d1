using ScottPlot;
using SkiaSharp;

namespace OpenVocab.Cli.Plots;

/// <summary>Which of the installed fonts is written with. SkiaSharp brings none: without any, pictures have lines and colours but no text, and nothing fails.</summary>
internal static class PlotFont
{
    // The system's own default is whichever file it lists first, which may be a monospaced or a serif one.
    private static readonly string[] s_wanted = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Open Sans", "Arial", "Segoe UI", "Helvetica"];

    private static readonly Lazy<string?> s_family = new(() =>
    {
        string[] installed = [.. SKFontManager.Default.FontFamilies.Where(family => Missing(family, "Aa0") == 0)];
        return s_wanted.FirstOrDefault(installed.Contains) ?? installed.Order(StringComparer.Ordinal).FirstOrDefault();
    });

    /// <summary>The family of titles and numbers; null: no font with Latin letters is installed.</summary>
    internal static string? Family => s_family.Value;

    /// <summary>The family that lacks the fewest characters of some names; of equal ones <see cref="Family"/>. Characters that it lacks are drawn as boxes.</summary>
    internal static string For(params IEnumerable<string> names)
    {
        string text = string.Concat(names).Replace("\n", "", StringComparison.Ordinal);
        string best = Family ?? "";
        int missing = Missing(best, text);
        if (missing == 0) { return best; }
        foreach (string family in SKFontManager.Default.FontFamilies.Order(StringComparer.Ordinal))
        {
            int lacks = Missing(family, text);
            if (lacks < missing) { (best, missing) = (family, lacks); }
        }
        return best;
    }

    /// <summary>Writes one or more lines in the family that suits them, smaller where they would be wider than a number of pixels.</summary>
    internal static void Fit(LabelStyle label, string text, float size, float most)
    {
        (label.Text, label.FontName) = (text, For(text));
        label.FontSize = size * Math.Min(1, most / Math.Max(1, text.Split('\n').Max(line => Width(line, label.FontName, size))));
    }

    /// <summary>Width of a line in pixels.</summary>
    internal static float Width(string text, string family, float size)
    {
        using SKTypeface face = SKTypeface.FromFamilyName(family);
        using SKFont font = new(face, size);
        return font.MeasureText(text);
    }

    private static int Missing(string family, string text)
    {
        using SKTypeface face = SKTypeface.FromFamilyName(family);
        return text.EnumerateRunes().Count(rune => !face.ContainsGlyph(rune.Value));
    }
}
