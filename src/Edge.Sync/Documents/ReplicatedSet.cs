using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A set to which everybody adds; a removal takes away only the additions that its author had seen.</summary>
/// <typeparam name="T">string, bool, an integer, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// On concurrent edits: Alice removes "seal" while Bob, offline, adds "seal" again; it stays. Enumerates in canonical order (the order of the
/// values; text by code point), which is the same on every replica.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is set.")]
public sealed class ReplicatedSet<T> : IReadOnlyCollection<T>
{
    private readonly FieldStore _store;
    private readonly int _slot;

    internal ReplicatedSet(FieldStore store, int slot) => (_store, _slot) = (store, slot);

    /// <inheritdoc/>
    public int Count => State?.Count ?? 0;

    private SetState? State => _store.Field<SetState>(_slot);

    /// <summary>Whether <paramref name="item"/> is in the set.</summary>
    public bool Contains(T item) => State?.Contains(ValueCodec<T>.Encode(item)) ?? false;

    /// <summary>Adds <paramref name="item"/>. Adding what is there already renews it, so that it outlives a concurrent removal.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _store.Writable();
        _store.Commit(sink, _slot, _store.FieldForWriting<SetState>(_slot).Add(sink.Next, ValueCodec<T>.Encode(item)));
    }

    /// <summary>Removes <paramref name="item"/>. Returns false, and writes nothing, where it is not there.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Remove(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _store.Writable();
        var element = ValueCodec<T>.Encode(item);
        if (State is not { } state || !state.Contains(element)) return false;
        _store.Commit(sink, _slot, state.Remove(sink.Next, element));
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        var items = new List<(T Item, ValueBytes Bytes)>(Count);
        if (State is { } state)
            foreach (var element in state.Elements)
                if (ValueCodec<T>.TryDecode(element, out var item) && item is not null) items.Add((item, element));
        items.Sort(static (a, b) =>
        {
            // Times of one moment with two offsets, or 1.0 and 1.00, compare as equal, but are two elements.
            var order = CanonicalOrder<T>.Comparer.Compare(a.Item, b.Item);
            return order != 0 ? order : a.Bytes.CompareTo(b.Bytes);
        });
        foreach (var (item, _) in items)
            yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
