using System.Buffers;
using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using MessagePack;

namespace Edge.Sync;

/// <summary>How a record struct of plain values is stored: as one value, replaced as a whole. For generated code only.</summary>
/// <typeparam name="T">The record struct.</typeparam>
/// <remarks>
/// <code>record = [ name, value, ... ]    ascending by name (ordinal)</code>
/// Names rather than places, so that members may be added, moved and taken away: one that is missing reads as its type's default.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecordType<T>
{
    private readonly Member[] _members;
    private readonly int[] _order;
    private readonly Func<RecordValues, T> _make;

    private RecordType(List<Member> members, Func<RecordValues, T> make)
    {
        (_members, _make) = ([.. members], make);
        _order = [.. Enumerable.Range(0, _members.Length).OrderBy(i => _members[i].Name, StringComparer.Ordinal)];
        Fields = [.. _order.Select(i => new FieldDefinition(_members[i].Name, _members[i].Name, _members[i].Shape, _members[i].IsNullable))];
    }

    /// <summary>The members as the fields of the JSON that SQL sees.</summary>
    internal IReadOnlyList<FieldDefinition> Fields { get; }

    internal void Write(ref MessagePackWriter writer, T value)
    {
        writer.WriteArrayHeader(_members.Length * 2);
        foreach (var i in _order)
        {
            writer.Write(_members[i].Name);
            writer.WriteRaw(_members[i].Encode(value).Span);
        }
    }

    internal T Read(ref MessagePackReader reader)
    {
        var values = new ValueBytes?[_members.Length];
        var length = reader.ReadArrayHeader();
        if (length == 0 || length % 2 != 0) throw new MessagePackSerializationException("A record has names and values.");
        for (var i = 0; i < length; i += 2)
        {
            if (reader.NextMessagePackType != MessagePackType.String) throw new MessagePackSerializationException("A member's name was expected.");
            var name = reader.ReadString();
            var index = Array.FindIndex(_members, member => member.Name == name);
            var bytes = reader.ReadRaw();
            if (index >= 0) values[index] = new(bytes.ToArray());
        }
        return _make(new(values));
    }

    /// <summary>Collects members in the order in which <see cref="Build"/> gets their values.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly List<Member> _members = [];

        internal Builder() { }

        /// <summary>A member.</summary>
        public Builder Member<TMember>(string name, Func<T, TMember> get, bool nullable = false)
        {
            ArgumentNullException.ThrowIfNull(get);
            _members.Add(new(name, FieldShape.OfValue<TMember>(), nullable, value => ValueCodec<TMember>.Encode(get(value))));
            return this;
        }

        /// <summary>A member that may be null.</summary>
        public Builder NullableMember<TMember>(string name, Func<T, TMember?> get) where TMember : struct
        {
            ArgumentNullException.ThrowIfNull(get);
            _members.Add(new(name, FieldShape.OfValue<TMember>(), true, value => get(value) is { } present ? ValueCodec<TMember>.Encode(present) : ValueCodec<string>.Encode(null)));
            return this;
        }

        /// <summary>The finished description.</summary>
        /// <param name="make">Makes a record of its members' values.</param>
        public RecordType<T> Build(Func<RecordValues, T> make)
        {
            ArgumentNullException.ThrowIfNull(make);
            return new(_members, make);
        }
    }

    private readonly record struct Member(string Name, FieldShape Shape, bool IsNullable, Func<T, ValueBytes> Encode);
}

/// <summary>Starts descriptions of record structs. For generated code only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RecordType
{
    /// <summary>Starts a description.</summary>
    public static RecordType<T>.Builder Of<T>() => new();
}
