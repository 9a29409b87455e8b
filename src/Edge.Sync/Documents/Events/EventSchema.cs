using System.Buffers;
using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync;

/// <summary>The collection of an event record, and the events that there are. Made by generated code; immutable.</summary>
/// <typeparam name="T">The record that stands for all of them.</typeparam>
public sealed class EventSchema<T>
{
    private readonly EventCase[] _cases;
    private readonly Dictionary<uint, EventCase> _byId;

    private EventSchema(string collection, List<EventCase> cases) => (Collection, _cases, _byId) = (collection, [.. cases], cases.ToDictionary(static c => c.Id));

    /// <summary>The name on the wire of the collection that the streams are in.</summary>
    public string Collection { get; }

    internal ValueBytes Encode(T item)
    {
        foreach (var known in _cases)
            if (known.TryEncode(item) is { } value) return value;
        throw new ArgumentException($"{item?.GetType()} is no event of collection '{Collection}': give it [EdgeEvent(\"name\")] and put it inside of {typeof(T).Name}.", nameof(item));
    }

    /// <summary>The event; null where it is of a kind that this version of the app does not have, or no event at all.</summary>
    internal T? Decode(ReadOnlyMemory<byte> value) => EventValue.ReadId(value) is { } id && _byId.TryGetValue(id, out var known) ? known.Decode(value) : default;

    /// <summary>Collects the events. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly string _collection;
        private readonly List<EventCase> _cases = [];

        internal Builder(string collection) => _collection = collection;

        /// <summary>How a record struct is stored that members of events are.</summary>
        public Builder Record<TRecord>(RecordType<TRecord> type)
        {
            ArgumentNullException.ThrowIfNull(type);
            ValueCodec<TRecord>.Record = type;
            return this;
        }

        /// <summary>An event.</summary>
        /// <param name="name">Its name on the wire.</param>
        /// <param name="type">Its members.</param>
        public Builder Event<TCase>(string name, EventType<TCase> type) where TCase : T
        {
            ArgumentNullException.ThrowIfNull(type);
            _cases.Add(new EventCase<TCase>(FieldDefinition.HashOf(name), type));
            return this;
        }

        /// <summary>The finished schema.</summary>
        public EventSchema<T> Build() => new(_collection, _cases);
    }

    private abstract class EventCase(uint id)
    {
        public uint Id => id;

        public abstract ValueBytes? TryEncode(T item);

        public abstract T? Decode(ReadOnlyMemory<byte> value);
    }

    private sealed class EventCase<TCase>(uint id, EventType<TCase> type) : EventCase(id) where TCase : T
    {
        public override ValueBytes? TryEncode(T item) => item is TCase own ? type.Write(Id, own) : null;

        public override T? Decode(ReadOnlyMemory<byte> value) => type.Read(value);
    }
}

/// <summary>Starts descriptions of events. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EventSchema
{
    /// <summary>Starts a schema.</summary>
    public static EventSchema<T>.Builder For<T>(string collection) => new(collection);

    /// <summary>Starts the members of one event.</summary>
    public static EventType<T>.Builder Event<T>() => new();
}
