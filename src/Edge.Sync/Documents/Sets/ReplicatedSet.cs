using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A set to which everybody adds; a removal takes away only the additions that its author had seen.</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// On concurrent edits: Alice removes "seal" while Bob, offline, adds "seal" again; it stays. Enumerates in canonical order (the order of the
/// values; text by code point), which is the same on every replica.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is set.")]
public sealed class ReplicatedSet<T> : IReadOnlyCollection<T>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;
    private ColumnElements<T>? _inColumn;

    internal ReplicatedSet(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a commit that has changed the set.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => InColumn?.Count ?? State?.Count ?? 0;

    private ColumnElements<T>? InColumn => ColumnElements<T>.Find(_field, ref _inColumn);

    private SetState? State => _field.Find<SetState>(CrdtKind.Set);

    /// <summary>Whether <paramref name="item"/> is in the set.</summary>
    public bool Contains(T item) => InColumn is { } inColumn ? inColumn.Contains(item) : State?.Contains(ValueCodec<T>.Encode(item)) ?? false;

    /// <summary>Adds <paramref name="item"/>. Adding what is there already renews it, so that it outlives a concurrent removal.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_field.IsLive)
        {
            QueueAdd(item);
            return;
        }
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<SetState>(CrdtKind.Set).Add(sink.Next, ValueCodec<T>.Encode(item)));
    }

    /// <summary>Removes <paramref name="item"/>. Returns false, and writes nothing, where it is not there.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Remove(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (_field.IsLive) return Contains(item) && QueueRemove(item);
        var sink = _field.Writable();
        var element = ValueCodec<T>.Encode(item);
        if (State is not { } state || !state.Contains(element)) return false;
        _field.Commit(sink, state.Remove(sink.Next, element));
        return true;
    }

    private void QueueAdd(T item) => _field.Queue(inDraft => new ReplicatedSet<T>(inDraft).Add(item), null);

    private bool QueueRemove(T item) => _field.Queue(inDraft => new ReplicatedSet<T>(inDraft).Remove(item), null) > 0;

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => InColumn?.GetEnumerator() ?? Enumerate();

    private IEnumerator<T> Enumerate()
    {
        foreach (var (item, _) in CanonicalOrder<T>.Sort(State?.Elements ?? []))
            yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
