using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Edge.Sync.Tests.Telemetry;

/// <summary>Keeps what a database logs.</summary>
internal sealed class LogEntries : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, int Id, string Text)> Written { get; } = [];

    public ILogger CreateLogger(string categoryName)
    {
        Assert.Equal(EdgeSyncTelemetry.LoggerCategory, categoryName);
        return this;
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Written.Enqueue((logLevel, eventId.Id, formatter(state, exception) + exception));

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void AddProvider(ILoggerProvider provider) { }

    public void Dispose() { }
}
