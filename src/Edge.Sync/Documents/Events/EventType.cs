using System.Buffers;
using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync;

/// <summary>The members of one event, each under the id of its name, as a document's fields are. For generated code only.</summary>
/// <typeparam name="T">The event's record.</typeparam>
/// <remarks>
/// Members may be added, moved and taken away: one that is missing reads as its type's default, one that is not known is passed over; the log keeps what was written.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EventType<T>
{
    private readonly Member[] _members;
    private readonly int[] _order;
    private readonly Func<RecordValues, T> _make;

    private EventType(List<Member> members, Func<RecordValues, T> make)
    {
        (_members, _make) = ([.. members], make);
        _order = [.. Enumerable.Range(0, _members.Length).OrderBy(i => _members[i].Id)];
    }

    internal ValueBytes Write(uint eventId, T item)
    {
        var values = new ValueBytes[_order.Length];
        var count = 0;
        for (var i = 0; i < _order.Length; i++)
        {
            values[i] = _members[_order[i]].Encode(item);
            if (!values[i].IsNil) count++;
        }
        var output = new ArrayBufferWriter<byte>(64);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(1 + (count * 2));
        writer.Write(eventId);
        for (var i = 0; i < _order.Length; i++)
        {
            if (values[i].IsNil) continue;
            writer.Write(_members[_order[i]].Id);
            writer.WriteRaw(values[i].Span);
        }
        writer.Flush();
        return new(output.WrittenSpan.ToArray());
    }

    /// <summary>The event. Members that are missing or malformed read as their types' defaults.</summary>
    internal T Read(ReadOnlyMemory<byte> value)
    {
        var values = new ValueBytes?[_members.Length];
        foreach (var (id, bytes) in EventValue.ReadMembers(value))
            for (var i = 0; i < _members.Length; i++)
                if (_members[i].Id == id) values[i] = bytes;
        return _make(new(values));
    }

    /// <summary>Collects members in the order in which <see cref="Build"/> gets their values.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly List<Member> _members = [];

        internal Builder() { }

        /// <summary>A member.</summary>
        public Builder Member<TMember>(string name, Func<T, TMember> get)
        {
            ArgumentNullException.ThrowIfNull(get);
            _members.Add(new(FieldDefinition.HashOf(name), value => ValueCodec<TMember>.Encode(get(value))));
            return this;
        }

        /// <summary>A member that may be null.</summary>
        public Builder NullableMember<TMember>(string name, Func<T, TMember?> get) where TMember : struct
        {
            ArgumentNullException.ThrowIfNull(get);
            _members.Add(new(FieldDefinition.HashOf(name), value => get(value) is { } present ? ValueCodec<TMember>.Encode(present) : ValueCodec<string>.Encode(null)));
            return this;
        }

        /// <summary>The finished description.</summary>
        /// <param name="make">Makes an event of its members' values.</param>
        public EventType<T> Build(Func<RecordValues, T> make)
        {
            ArgumentNullException.ThrowIfNull(make);
            return new(_members, make);
        }
    }

    private readonly record struct Member(uint Id, Func<T, ValueBytes> Encode);
}
