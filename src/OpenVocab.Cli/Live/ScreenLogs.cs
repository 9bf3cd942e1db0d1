using Microsoft.Extensions.Logging;

namespace OpenVocab.Cli.Live;

/// <summary>Log lines of a live run go where its other lines go.</summary>
internal sealed class ScreenLogs(LiveScreen screen) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) { screen.Say($"warning: {formatter(state, exception)}"); }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Dispose() { }
}
