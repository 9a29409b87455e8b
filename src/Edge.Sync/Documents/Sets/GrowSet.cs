using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A set from which nothing is ever removed: what was seen, visited, signed.</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// On concurrent edits: Alice adds "A" and Bob, offline, adds "A" and "B"; everyone has both, once each. Enumerates in canonical order (the order of
/// the values; text by code point), which is the same on every replica.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is set.")]
public sealed class GrowSet<T> : IReadOnlyCollection<T>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;
    private ColumnElements<T>? _inColumn;

    internal GrowSet(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a commit that has changed the set.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => InColumn?.Count ?? State?.Count ?? 0;

    private ColumnElements<T>? InColumn => ColumnElements<T>.Find(_field, ref _inColumn);

    private GrowSetState? State => _field.Find<GrowSetState>(CrdtKind.GrowSet);

    /// <summary>Whether <paramref name="item"/> is in the set.</summary>
    public bool Contains(T item) => InColumn is { } inColumn ? inColumn.Contains(item) : State?.Contains(ValueCodec<T>.Encode(item)) ?? false;

    /// <summary>Adds <paramref name="item"/>. Returns false, and writes nothing, where it is there already.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Add(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _field.Writable();
        if (_field.FindOrNew<GrowSetState>(CrdtKind.GrowSet).Add(sink.Next, ValueCodec<T>.Encode(item)) is not { } delta) return false;
        _field.Commit(sink, delta);
        return true;
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
