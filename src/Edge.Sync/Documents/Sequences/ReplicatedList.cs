using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Values in an order that everybody changes: a plan, a playlist, the steps of a job.</summary>
/// <typeparam name="T">
/// string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId, Reference, an enum or a record struct of these: a plain value. Or a class with
/// <see cref="EdgeObjectAttribute"/>, whose fields merge each by its own rule.
/// </typeparam>
/// <remarks>
/// <para>On concurrent edits: insertions at one place stand one after the other, each run whole. Two who set one element: the later is shown. Two who
/// move one element: it is in one place, that of the later move. Alice deletes "milk" while Bob sets it to "oat milk" or moves it: it is there, as Bob left it.</para>
/// <para>An object is edited in place: <c>job.Steps[0].Done = true</c>. Two who edit different fields of one merge; it stays the same object when it is moved. An edit brings back an
/// object that was deleted by one who had not seen it, with all that it held. What a deleted object held is kept with the document.</para>
/// <para>A value of another type, which a later version of the app wrote, reads as the type's default.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is list.")]
public sealed class ReplicatedList<T> : IReadOnlyList<T>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private readonly ListItems<T> _items;
    private NotifyCollectionChangedEventHandler? _changed;
    private ColumnElements<T>? _inColumn;

    internal ReplicatedList(Field field, ListItems<T> items) => (_field, _items) = (field, items);

    /// <summary>Raised while the document is live, after a commit that has changed the list.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => InColumn?.Count ?? State?.Count ?? 0;

    private ColumnElements<T>? InColumn => ColumnElements<T>.Find(_field, ref _inColumn, isList: true);

    /// <summary>To find an index it remembers where the last one was: a snapshot's is read under its lock, since several threads may read it.</summary>
    private ListState? State => _field.Find<ListState>(CrdtKind.List);

    /// <summary>The element at <paramref name="index"/>. Setting it replaces what its author had seen there, wherever the element is moved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public T this[int index]
    {
        get
        {
            CheckElement(index);
            if (InColumn is { } inColumn) return inColumn.Items[index];
            var state = State!;
            ValueBytes value;
            lock (state) value = state[index];
            return _items.Read(_field, value);
        }

        set
        {
            _items.Check(value);
            var sink = _field.Writable();
            CheckElement(index);
            var bytes = _items.Encode(value, sink.Next, sink.Stamp);
            _field.Commit(sink, State!.Set(sink.Next, index, bytes));
            _items.Fill(_field, bytes, value);
        }
    }

    /// <summary>All values of an element whose authors had not seen each other's, the one that is shown last. An inserted value has the time 1970-01-01.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public IReadOnlyList<ConcurrentValue<T>> ValuesAt(int index)
    {
        CheckElement(index);
        var state = State!;
        Crdts.ConcurrentValue[] all;
        lock (state) all = state.Values(index);
        var values = new List<ConcurrentValue<T>>(all.Length);
        foreach (var concurrent in all)
            if (_items is not ListValues<T> || (ValueCodec<T>.TryDecode(concurrent.Value, out var value) && value is not null))
                values.Add(new(_items.Read(_field, concurrent.Value), concurrent.Dot.Replica, concurrent.Stamp.ToDateTimeOffset()));
        return values;
    }

    /// <summary>Adds an element at the end.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(T item) => Insert(Count, item);

    /// <summary>Inserts an element before <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Insert(int index, T item) => InsertRange(index, item);

    /// <summary>Inserts elements before <paramref name="index"/>, as one run that nothing concurrent comes into.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void InsertRange(int index, params ReadOnlySpan<T> items)
    {
        var sink = _field.Writable();
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        if (items.IsEmpty) return;
        var values = new ValueBytes[items.Length];
        foreach (var item in items)
            _items.Check(item);
        for (var i = 0; i < values.Length; i++)
            values[i] = _items.Encode(items[i], sink.Next.Plus((ulong)i), sink.Stamp);
        _field.Commit(sink, _field.FindOrNew<ListState>(CrdtKind.List).Insert(sink.Next, index, values));
        for (var i = 0; i < values.Length; i++)
            _items.Fill(_field, values[i], items[i]);
    }

    /// <summary>Moves an element, so that it is at <paramref name="to"/> then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Move(int index, int to) => MoveRange(index, 1, to);

    /// <summary>Moves <paramref name="count"/> elements from <paramref name="index"/> on, so that the first of them is at <paramref name="to"/> then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such range, or it would end behind the list.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void MoveRange(int index, int count, int to)
    {
        var sink = _field.Writable();
        CheckRange(index, count);
        ArgumentOutOfRangeException.ThrowIfNegative(to);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, Count - count);
        if (count > 0 && to != index) _field.Commit(sink, State!.Move(sink.Next, index, count, to));
    }

    /// <summary>Removes the element at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void RemoveAt(int index) => RemoveRange(index, 1);

    /// <summary>Removes <paramref name="count"/> elements from <paramref name="index"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such range.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void RemoveRange(int index, int count)
    {
        var sink = _field.Writable();
        CheckRange(index, count);
        if (count > 0) _field.Commit(sink, State!.Delete(sink.Next, index, count));
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => InColumn?.GetEnumerator() ?? Enumerate();

    private IEnumerator<T> Enumerate()
    {
        if (State is not { } state) yield break;
        ValueBytes[] values;
        lock (state) values = state.ToArray();
        foreach (var value in values)
            yield return _items.Read(_field, value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CheckElement(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
    }

    private void CheckRange(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - index);
    }
}
