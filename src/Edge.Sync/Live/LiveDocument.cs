using System.ComponentModel;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>One document that stays up to date and can be edited in place, for binding to a form: <c>{Binding Value.Title}</c>.</summary>
/// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
/// <remarks>
/// It loads in the background and changes only where it was made: on the <see cref="SynchronizationContext"/> that was current there, or was passed; on any thread where there was none. Setters of
/// <see cref="Value"/> show what they are given at once and queue an edit; those that come while one is being written make one change together.
/// </remarks>
public sealed class LiveDocument<T> : INotifyPropertyChanged, IAsyncDisposable where T : class, IEdgeDocument<T>
{
    private static readonly PropertyChangedEventArgs s_isLoaded = new(nameof(IsLoaded)), s_error = new(nameof(Error));

    private readonly LiveUpdates<Row<T>[]> _updates;
    private readonly DocumentItems<T> _items;
    private readonly Action _stop;
    private readonly TaskCompletionSource _loaded = new();
    private Row<T>? _row;

    internal LiveDocument(EdgeScheduler scheduler, SynchronizationContext? context, DocumentId id, LiveEdits edits, Func<IFeedReader<Row<T>[]>, Action> read)
    {
        (Id, _items) = (id, new(edits));
        _updates = new(context, scheduler, Apply, SetFailed);
        edits.Connect(_updates.Run, SetError);
        _stop = read(_updates);
    }

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>The document's id.</summary>
    public DocumentId Id { get; }

    /// <summary>The document; null until it is loaded, and while there is none. The same object as long as it is there.</summary>
    public T? Value { get; private set; }

    /// <summary>Whether it is known what there is.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Why the last update failed: reading, or a handler of an event. Null after one that did not. What an edit threw is told by <see cref="FlushAsync"/>.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Waits until it is known what there is, or throws what kept it from coming.</summary>
    public Task WhenLoadedAsync(CancellationToken cancellationToken = default) => _updates.JoinAsync(_loaded.Task, cancellationToken);

    /// <summary>Waits until all edits that setters have queued are committed.</summary>
    /// <exception cref="Exception">What the first edit that failed since the last call threw. It was taken back, and the document shows again what is stored.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _items.FlushAsync(cancellationToken);

    /// <summary>Ends the updates: no event comes once this has completed. Edits that setters have queued are committed all the same. May be called twice, and after the database was disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop();
        await _updates.StopAsync().ConfigureAwait(false);
        _loaded.TrySetCanceled();
    }

    private void Apply(Row<T>[] rows)
    {
        var row = rows.Length > 0 ? rows[0] : null;
        SetError(null);
        if (row is not null && Value is { } value)
        {
            if (!ReferenceEquals(row, _row)) _items.TryRefresh(value, row);
        }
        else if (row is not null || Value is not null)
        {
            Value = row is null ? null : _items.Create(row);
            Raise(Handlers.Value);
        }
        _row = row;
        if (IsLoaded) return;
        IsLoaded = true;
        Raise(s_isLoaded);
        _loaded.TrySetResult();
    }

    private void SetFailed(Exception exception)
    {
        SetError(exception);
        if (_loaded.TrySetException(exception)) _ = _loaded.Task.Exception; // observed: nobody may wait
    }

    private void SetError(Exception? error)
    {
        if (ReferenceEquals(error, Error)) return;
        Error = error;
        if (!_updates.IsDisposed) Handlers.Call(PropertyChanged, this, s_error);
    }

    private void Raise(PropertyChangedEventArgs args)
    {
        if (!_updates.IsDisposed && Handlers.Call(PropertyChanged, this, args) is { } failure) SetError(failure);
    }
}
