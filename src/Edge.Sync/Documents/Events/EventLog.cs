using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A history to which everybody appends and from which nobody takes.</summary>
/// <typeparam name="T">string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
/// <remarks>
/// On concurrent edits: both events stay, in one order on every replica: behind all that their authors had seen, then by time, then by replica. What comes
/// late may so come before what was read already. An event of another type, which a later version of the app wrote, reads as the type's default.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is log.")]
public sealed class EventLog<T> : IReadOnlyList<T>, INotifyCollectionChanged, ILiveContainer
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;

    internal EventLog(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a commit that has changed the log.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => State?.Entries.Length ?? 0;

    private EventLogState? State => _field.Find<EventLogState>(CrdtKind.EventLog);

    /// <inheritdoc/>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return ValueCodec<T>.TryDecode(State!.Entries[index].Value, out var value) && value is not null ? value : DefaultValue<T>.Value;
        }
    }

    /// <summary>Appends an event behind all that have arrived here.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Append(T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<EventLogState>(CrdtKind.EventLog).Append(sink.Next, ValueCodec<T>.Encode(item)));
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
