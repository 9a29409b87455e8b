using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A set where a removal holds against everybody who had not heard of it: allow-lists, roles.</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// On concurrent edits: Alice removes "operator" while Bob, offline, adds "operator" again; it is gone, until somebody adds it who knows of the
/// removal. Enumerates in canonical order (the order of the values; text by code point), which is the same on every replica.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is set.")]
public sealed class RemoveWinsSet<T> : IReadOnlyCollection<T>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;
    private ColumnElements<T>? _inColumn;

    internal RemoveWinsSet(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a commit that has changed the set.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => InColumn?.Count ?? State?.Elements.Count() ?? 0;

    private ColumnElements<T>? InColumn => ColumnElements<T>.Find(_field, ref _inColumn);

    private RemoveWinsSetState? State => _field.Find<RemoveWinsSetState>(CrdtKind.RemoveWinsSet);

    /// <summary>Whether <paramref name="item"/> is in the set.</summary>
    public bool Contains(T item) => InColumn is { } inColumn ? inColumn.Contains(item) : State?.Contains(ValueCodec<T>.Encode(item)) ?? false;

    /// <summary>Adds <paramref name="item"/>, and overrules the removals that have arrived here.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<RemoveWinsSetState>(CrdtKind.RemoveWinsSet).Add(sink.Next, ValueCodec<T>.Encode(item)));
    }

    /// <summary>Removes <paramref name="item"/>, even where it is not there: an addition that has not arrived yet shall not bring it in.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Remove(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _field.Writable();
        var element = ValueCodec<T>.Encode(item);
        var state = _field.FindOrNew<RemoveWinsSetState>(CrdtKind.RemoveWinsSet);
        var wasThere = state.Contains(element);
        _field.Commit(sink, state.Remove(sink.Next, element));
        return wasThere;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => InColumn?.GetEnumerator() ?? Enumerate();

    private IEnumerator<T> Enumerate()
    {
        foreach (var (item, _) in CanonicalOrder<T>.Sort(State?.Elements ?? []))
            yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
