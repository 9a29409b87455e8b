using System.ComponentModel;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>One value that stays up to date, for binding in a UI: a count, a status.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <remarks>It loads in the background and changes only where it was made: on the <see cref="SynchronizationContext"/> that was current there, or was passed; on any thread where there was none.</remarks>
public sealed class LiveValue<T> : INotifyPropertyChanged, IAsyncDisposable
{
    private static readonly PropertyChangedEventArgs s_isLoaded = new(nameof(IsLoaded)), s_error = new(nameof(Error));

    private readonly LiveUpdates<T> _updates;
    private readonly Action _stop;
    private readonly TaskCompletionSource _loaded = new();

    internal LiveValue(EdgeScheduler scheduler, SynchronizationContext? context, T initial, Func<IFeedReader<T>, Action> read)
    {
        Value = initial;
        _updates = new(context, scheduler, Apply, Fail);
        _stop = read(_updates);
    }

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>The newest value; the type's default, or what is known without reading, until the first is here.</summary>
    public T Value { get; private set; }

    /// <summary>Whether the first value is here.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Why the last update failed. Null after one that did not. The value goes on.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Waits for the first value, or throws what kept it from coming.</summary>
    public Task WhenLoadedAsync(CancellationToken cancellationToken = default) => _updates.JoinAsync(_loaded.Task, cancellationToken);

    /// <summary>Ends the updates: no event comes once this has completed. May be called twice, and after the database was disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop();
        await _updates.StopAsync().ConfigureAwait(false);
        _loaded.TrySetCanceled();
    }

    /// <inheritdoc/>
    public override string ToString() => Value?.ToString() ?? "";

    private void Apply(T value)
    {
        Exception? error = null;
        var isNew = !EqualityComparer<T>.Default.Equals(value, Value);
        Value = value;
        if (isNew) Raise(Handlers.Value, ref error);
        if (!IsLoaded)
        {
            IsLoaded = true;
            Raise(s_isLoaded, ref error);
            _loaded.TrySetResult();
        }
        SetError(error);
    }

    private void Fail(Exception exception)
    {
        SetError(exception);
        if (_loaded.TrySetException(exception)) _ = _loaded.Task.Exception; // observed: nobody may wait
    }

    private void SetError(Exception? error)
    {
        if (ReferenceEquals(error, Error)) return;
        Error = error;
        Exception? ignored = null;
        Raise(s_error, ref ignored);
    }

    private void Raise(PropertyChangedEventArgs args, ref Exception? error)
    {
        if (!_updates.IsDisposed) error ??= Handlers.Call(PropertyChanged, this, args);
    }
}
