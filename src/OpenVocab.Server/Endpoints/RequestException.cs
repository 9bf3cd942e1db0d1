namespace OpenVocab.Server.Endpoints;

/// <summary>A request cannot be understood (400).</summary>
/// <param name="message">Names the field, the value and the bound.</param>
/// <param name="remedy">What to send instead, in one sentence.</param>
internal sealed class RequestException(string message, string remedy) : Exception(message)
{
    internal string Remedy { get; } = remedy;
}
