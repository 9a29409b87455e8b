using System.Collections;
using System.Collections.Specialized;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Scheduling;

namespace Edge.Sync;

/// <summary>The result of a query that stays up to date, for binding to a list in a UI.</summary>
/// <typeparam name="T">What the list holds: live documents, which change in place and whose setters queue edits; or conflicts.</typeparam>
/// <remarks>
/// It loads in the background and changes only where it was made: on the <see cref="SynchronizationContext"/> that was current there (or was passed), so read it there too. Where there was none it
/// changes on any thread, and enumerating gives the items of one moment. A commit leads to the fewest removals, insertions and moves, each with its event; more than 100 of them to one
/// <see cref="NotifyCollectionChangedAction.Reset"/>. An item stays the same object as long as its document stays in the list, so that a selection survives.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is list.")]
public sealed partial class LiveList<T> : IReadOnlyList<T>, INotifyCollectionChanged, INotifyPropertyChanged, IAsyncDisposable
{
    private const int StepsMax = 100;

    private static readonly PropertyChangedEventArgs s_count = new(nameof(Count)), s_items = new("Item[]"), s_isLoaded = new(nameof(IsLoaded)), s_error = new(nameof(Error));

    private readonly LiveUpdates<Row<T>[]> _updates;
    private readonly LiveItems<T> _items;
    private readonly Action _stop;
    private readonly bool _isAnywhere;
    private readonly TaskCompletionSource _loaded = new();
    private readonly List<T> _list = [];
    private readonly Lock _guard = new();
    private Row<T>[] _rows = [];
    private Exception? _itemError;
    private bool _isApplying;

    internal LiveList(EdgeScheduler scheduler, SynchronizationContext? context, LiveItems<T> items, Func<IFeedReader<Row<T>[]>, Action> read)
    {
        (_items, _isAnywhere) = (items, context is null);
        _updates = new(context, scheduler, Apply, Fail);
        items.Connect(_updates.Run, OnItemHandlerFailed);
        _stop = read(_updates);
    }

    /// <summary>Raised after each step, when the list is as the step has left it.</summary>
    public event NotifyCollectionChangedEventHandler? CollectionChanged;

    /// <inheritdoc/>
    public event PropertyChangedEventHandler? PropertyChanged;

    /// <inheritdoc/>
    public int Count
    {
        get { using (Guard()) return _list.Count; }
    }

    /// <summary>Whether the first result is here.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Why the last update failed: the query, or a handler of this list's or of an item's events. Null after one that did not. The list goes on.</summary>
    public Exception? Error { get; private set; }

    /// <inheritdoc/>
    public T this[int index]
    {
        get { using (Guard()) return _list[index]; }
    }

    /// <summary>Waits for the first result, or throws what kept it from coming.</summary>
    public Task WhenLoadedAsync(CancellationToken cancellationToken = default) => _updates.JoinAsync(_loaded.Task, cancellationToken);

    /// <summary>Waits until all edits that setters of items have queued are committed.</summary>
    /// <exception cref="Exception">What the first edit that failed since the last call threw. It was taken back, and the item shows again what is stored.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _items.FlushAsync(cancellationToken);

    /// <summary>Ends the updates: no event comes once this has completed. Edits that setters have queued are committed all the same. May be called twice, and after the database was disposed.</summary>
    public async ValueTask DisposeAsync()
    {
        _stop();
        await _updates.StopAsync().ConfigureAwait(false);
        _loaded.TrySetCanceled();
    }

    /// <summary>Throws on the next step where the list has changed meanwhile, as lists do; see the remarks for lists without a context.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        if (!_isAnywhere) return _list.GetEnumerator();
        using (Guard()) return ((IEnumerable<T>)_list.ToArray()).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Apply(Row<T>[] rows)
    {
        Exception? error = null;
        (_itemError, _isApplying) = (null, true);
        var (before, countBefore) = (_rows, _list.Count);
        _rows = rows;
        var steps = IsSameOrder(before, rows) ? [] : ListDifference.Compute<object>(Array.ConvertAll(before, static r => r.Key), Array.ConvertAll(rows, static r => r.Key), StepsMax);
        if (steps is null) Rebuild(before, rows, ref error);
        else
        {
            foreach (var step in steps) Take(step, rows, ref error);
            Refresh(steps.Count == 0 ? before : null, before, rows, ref error);
        }
        if (_list.Count != countBefore) Raise(s_count, ref error);
        if (steps is not { Count: 0 }) Raise(s_items, ref error);
        SetLoaded(ref error);
        _isApplying = false;
        SetError(error ?? _itemError);
    }

    // A setter raises events outside of updates, too.
    private void OnItemHandlerFailed(Exception exception)
    {
        if (_isApplying) _itemError ??= exception;
        else SetError(exception);
    }

    private void Fail(Exception exception)
    {
        SetError(exception);
        if (_loaded.TrySetException(exception)) _ = _loaded.Task.Exception; // observed: nobody may wait
    }

    private static bool IsSameOrder(Row<T>[] before, Row<T>[] rows)
    {
        if (before.Length != rows.Length) return false;
        for (var i = 0; i < rows.Length; i++)
            if (!ReferenceEquals(before[i], rows[i]) && !before[i].Key.Equals(rows[i].Key)) return false;
        return true;
    }

    private void Take(ListStep step, Row<T>[] rows, ref Exception? error)
    {
        NotifyCollectionChangedEventArgs args;
        using (Guard())
        {
            var item = step.Kind == ListStepKind.Insert ? _items.Create(rows[step.NewIndex]) : _list[step.From];
            if (step.Kind != ListStepKind.Insert) _list.RemoveAt(step.From);
            if (step.Kind != ListStepKind.Remove) _list.Insert(step.To, item);
            args = step.Kind switch
            {
                ListStepKind.Remove => new(NotifyCollectionChangedAction.Remove, item, step.From),
                ListStepKind.Insert => new(NotifyCollectionChangedAction.Add, item, step.To),
                _ => new(NotifyCollectionChangedAction.Move, item, step.To, step.From),
            };
        }
        Raise(args, ref error);
    }

    /// <summary>Brings the items to their rows, where those have changed.</summary>
    private void Refresh(Row<T>[]? inPlace, Row<T>[] before, Row<T>[] rows, ref Exception? error)
    {
        var known = inPlace is null ? before.ToDictionary(static row => row.Key) : null;
        for (var i = 0; i < rows.Length && !_updates.IsDisposed; i++)
        {
            var old = inPlace is not null ? inPlace[i] : known!.GetValueOrDefault(rows[i].Key);
            if (old is null || ReferenceEquals(old, rows[i])) continue;
            var item = _list[i];
            try
            {
                if (_items.TryRefresh(item, rows[i])) continue;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                error ??= e;
                continue;
            }
            var replacement = _items.Create(rows[i]);
            using (Guard()) _list[i] = replacement;
            Raise(new NotifyCollectionChangedEventArgs(NotifyCollectionChangedAction.Replace, replacement, item, i), ref error);
        }
    }

    private void Rebuild(Row<T>[] before, Row<T>[] rows, ref Exception? error)
    {
        var known = new Dictionary<object, (Row<T> Row, T Item)>(before.Length);
        for (var i = 0; i < before.Length; i++) known.Add(before[i].Key, (before[i], _list[i]));
        using (Guard())
        {
            _list.Clear();
            foreach (var row in rows) _list.Add(known.TryGetValue(row.Key, out var old) && (ReferenceEquals(old.Row, row) || _items.CanRefresh) ? old.Item : _items.Create(row));
        }
        Raise(Handlers.Reset, ref error);
        if (!_items.CanRefresh) return;
        foreach (var row in rows)
        {
            if (!known.TryGetValue(row.Key, out var old) || ReferenceEquals(old.Row, row) || _updates.IsDisposed) continue;
            try { _items.TryRefresh(old.Item, row); }
            catch (Exception e) when (e is not OutOfMemoryException) { error ??= e; }
        }
    }

    private void SetLoaded(ref Exception? error)
    {
        if (IsLoaded) return;
        IsLoaded = true;
        Raise(s_isLoaded, ref error);
        _loaded.TrySetResult();
    }

    private void SetError(Exception? error)
    {
        if (ReferenceEquals(error, Error)) return;
        Error = error;
        Exception? ignored = null;
        Raise(s_error, ref ignored);
    }

    private void Raise(NotifyCollectionChangedEventArgs args, ref Exception? error)
    {
        if (!_updates.IsDisposed) error ??= Handlers.Call(CollectionChanged, this, args);
    }

    private void Raise(PropertyChangedEventArgs args, ref Exception? error)
    {
        if (!_updates.IsDisposed) error ??= Handlers.Call(PropertyChanged, this, args);
    }

    // Where the list changes on any thread, nobody may look at it half changed.
    private Lock.Scope Guard() => _isAnywhere ? _guard.EnterScope() : default;
}
