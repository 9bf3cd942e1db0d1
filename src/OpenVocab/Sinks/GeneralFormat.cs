using System.Globalization;

namespace OpenVocab.Sinks;

/// <summary>C's <c>%g</c>: six significant digits, no zeros at the end, an exponent of two digits below 1e-4 and from 1e6 on.</summary>
internal static class GeneralFormat
{
    internal static string Write(double number)
    {
        if (number == 0) { return "0"; }
        // Rounded first: 999999.7 has an exponent of 6.
        string scientific = number.ToString("0.00000e+00", CultureInfo.InvariantCulture);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('e') + 1), CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 6)
        {
            return number.ToString("0.#####e+00", CultureInfo.InvariantCulture);
        }
        return number.ToString("0." + new string('#', 5 - exponent), CultureInfo.InvariantCulture);
    }
}
