namespace OpenVocab.Cli.Options;

/// <summary>Bounds of numbers: the one wording for all options.</summary>
internal static class OptionRange
{
    internal static float? Check(string name, float? value) => value is null or (>= 0 and <= 1) ? value : throw Error(name, value.Value, 0, 1);

    internal static double? Check(string name, double? value) => value is null or (>= 0 and <= 1) ? value : throw Error(name, value.Value, 0, 1);

    internal static int Check(string name, int value, int least, int most) => value >= least && value <= most ? value : throw Error(name, value, least, most);

    internal static double Check(string name, double value, double least, double most) => value >= least && value <= most ? value : throw Error(name, value, least, most);

    internal static ArgumentException Error<T>(string name, T value, double least, double most) =>
        new(FormattableString.Invariant($"{name} is {value}; it must lie between {least} and {most}."));
}
