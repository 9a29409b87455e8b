using Edge.Sync.Series;
using Edge.Sync.Storage;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly Dictionary<Type, ISeriesWatched> _series = [];

    /// <summary>A time series that stays on this device. Every call gives the same object.</summary>
    /// <typeparam name="T">A record struct with <see cref="EdgeSeriesAttribute"/>.</typeparam>
    /// <param name="options">How long points are kept; null for what an earlier call has said, or else for the defaults. They act from the next appends on.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public TelemetrySeries<T> Series<T>(SeriesOptions? options = null) where T : struct, IEdgeSeries<T>
    {
        options?.Validate();
        lock (_lock)
        {
            if (!_series.TryGetValue(typeof(T), out var known)) _series.Add(typeof(T), known = new TelemetrySeries<T>(this, options ?? new()));
            var series = (TelemetrySeries<T>)known;
            if (options is not null) series.Options = options;
            if (_closed is not null) known.End();
            return series;
        }
    }

    /// <summary>Appends points, with all that wait for the writer as well.</summary>
    internal async Task AppendAsync(SeriesBatch batch, Action? committed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var appended = opened.Appender.Add(batch, committed, out var isFirst);
        if (isFirst && !TryDrainSeries(opened)) opened.Appender.Fail(new ObjectDisposedException(nameof(EdgeDatabase)));
        await appended.ConfigureAwait(false);
    }

    internal async Task FlushSeriesAsync(CancellationToken cancellationToken)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await opened.Writer.RunAloneAsync(_ => { opened.Series.Flush(); return true; }, cancellationToken).ConfigureAwait(false);
    }

    internal async Task<TResult> ReadSeriesAsync<TResult>(SeriesSchema schema, string? key, Func<SeriesReader?, TResult> read, CancellationToken cancellationToken)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _scheduler.RunAsync(() =>
        {
            try { return opened.Readers.Read(reader => reader.InOneMoment(reader => read(SeriesReader.Open(reader, schema, key)))); }
            catch (EdgeDataException e) { throw SqliteErrors.ForeignValue(e, _options.Path); }
        }, cancellationToken).ConfigureAwait(false);
    }

    private bool TryDrainSeries(Opened opened)
    {
        Task<bool> turn;
        try { turn = opened.Writer.RunAloneAsync(_ => DrainTurn(opened), CancellationToken.None); }
        catch (ObjectDisposedException) { return false; }
        // The turn itself fails only where the writer cannot go on at all.
        _ = turn.ContinueWith(static (turn, appender) => ((SeriesAppender)appender!).Fail(turn.Exception!.InnerException!), opened.Appender, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    private bool DrainTurn(Opened opened)
    {
        while (opened.Appender.Drain(opened.Series))
        {
            // Edits come in between, unless the database is closing.
            if (TryDrainSeries(opened)) break;
        }
        if (((SqliteStore)opened.Replica.Store).Checkpointer is var checkpointer && checkpointer.TakeDue()) _scheduler.Post(checkpointer.Run);
        return true;
    }

    private void EndSeries()
    {
        ISeriesWatched[] series;
        lock (_lock) series = [.. _series.Values];
        foreach (var one in series) one.End();
    }
}
