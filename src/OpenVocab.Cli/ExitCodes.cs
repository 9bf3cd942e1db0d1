namespace OpenVocab.Cli;

/// <summary>What the program ends with; documented in the README.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>Wrong options, words that cannot be used, a model that cannot be used, an output that cannot be written.</summary>
    internal const int Usage = 1;

    /// <summary>Some inputs could not be read; the others were processed.</summary>
    internal const int SomeInputsFailed = 2;

    /// <summary>Everything was read as far as it goes, and something is damaged or incomplete.</summary>
    internal const int DamagedInput = 3;

    /// <summary>Ctrl-C, SIGTERM, or a terminal that was closed (SIGHUP); what was written is whole.</summary>
    internal const int Interrupted = 130;

    /// <summary>Whoever read standard output had enough (<c>| head</c>): what a shell says of a program that SIGPIPE ends.</summary>
    internal const int OutputClosed = 141;
}
