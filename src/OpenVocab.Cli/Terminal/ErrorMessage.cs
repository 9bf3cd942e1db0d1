using OpenVocab.Cli.Doctor;

namespace OpenVocab.Cli.Terminal;

/// <summary>What a person is told about a failure.</summary>
/// <param name="Text">What happened, with the value and the bound.</param>
/// <param name="Remedy">What to do next.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed record ErrorMessage(string Text, string Remedy, int ExitCode)
{
    private const string ReportRemedy = "This is a fault of openvocab: run it again with --verbose and report what it prints.";

    /// <summary>The message for an exception.</summary>
    internal static ErrorMessage For(Exception fault) => fault switch
    {
        SourceException { Fault: SourceFault.Damaged } source => new(source.Message, source.Remedy, ExitCodes.DamagedInput),
        SourceException source => new(source.Message, source.Remedy, ExitCodes.SomeInputsFailed),
        OpenVocabException known => new(known.Message, known.Remedy, ExitCodes.Usage),
        OperationCanceledException => new("interrupted.", "Run it again to finish.", ExitCodes.Interrupted),
        _ when NativeLibraries.Explain(fault) is { } native => new(native.Text, native.Remedy, ExitCodes.Usage),
        ArgumentException argument => new(argument.Message, "Correct the option; --help shows what is possible.", ExitCodes.Usage),
        _ => new($"{fault.GetType().Name}: {fault.Message}", ReportRemedy, ExitCodes.Usage),
    };
}
