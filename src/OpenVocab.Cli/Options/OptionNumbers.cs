using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OpenVocab.Cli.Options;

/// <summary>Numbers of options, read strictly: the parser would take "0,5" for 5, and says of others that they are no System.Int32.</summary>
internal static class OptionNumbers
{
    /// <summary>The numbers that are none, each with a sentence on it.</summary>
    internal static IEnumerable<(OptionResult Option, string Fault)> FaultsOf(ParseResult parsed)
    {
        foreach (OptionResult result in parsed.CommandResult.Children.OfType<OptionResult>())
        {
            Type type = Nullable.GetUnderlyingType(result.Option.ValueType) ?? result.Option.ValueType;
            foreach (Token token in result.Tokens)
            {
                if (Wanted(type, token.Value) is { } wanted) { yield return (result, $"{result.Option.Name} is \"{token.Value}\"; it must be {wanted}. {result.Option.Description}"); }
            }
        }
    }

    /// <summary>What a text should have been; null where it is that, or no number is wanted.</summary>
    private static string? Wanted(Type type, string text) =>
        type == typeof(int) && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? $"a whole number, at most {int.MaxValue}"
        : type == typeof(long) && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? $"a whole number, at most {long.MaxValue}"
        : (type == typeof(float) || type == typeof(double)) && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "a number, such as 0.5"
        : null;
}
