namespace OpenVocab.Cli.Terminal;

/// <summary>Whoever read standard output has gone away (<c>| head</c>): the end of a command, and nothing to tell anybody.</summary>
internal sealed class OutputClosedException() : IOException("Whoever read standard output has gone away.");
