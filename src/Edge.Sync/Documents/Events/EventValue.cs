using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>An event as a value in the log of its stream.</summary>
/// <remarks>
/// <code>event = [ event id, member id, value, ... ]     ascending by member id; what is null is left out</code>
/// Ids are the hashes of names that fields of documents have too.
/// </remarks>
internal static class EventValue
{
    /// <summary>The field of a stream's document that its events are in. No property can have its name.</summary>
    public const string FieldName = "\"events\"";

    public static readonly uint FieldId = FieldDefinition.HashOf(FieldName);

    /// <summary>Which event it is; null where the bytes are no event.</summary>
    public static uint? ReadId(ReadOnlyMemory<byte> value)
    {
        var reader = new MessagePackReader(value);
        try { return reader.NextMessagePackType == MessagePackType.Array && reader.ReadArrayHeader() % 2 == 1 ? reader.ReadUInt32() : null; }
        catch (Exception e) when (IsMalformed(e)) { return null; }
    }

    /// <summary>The members, by id. What follows something malformed is missing.</summary>
    public static List<(uint Id, ValueBytes Value)> ReadMembers(ReadOnlyMemory<byte> value)
    {
        var members = new List<(uint, ValueBytes)>();
        var reader = new MessagePackReader(value);
        try
        {
            var length = reader.ReadArrayHeader();
            reader.Skip();
            for (var i = 1; i + 1 < length; i += 2)
            {
                var id = reader.ReadUInt32();
                var start = (int)reader.Consumed;
                reader.Skip();
                members.Add((id, new(value[start..(int)reader.Consumed].ToArray())));
            }
        }
        catch (Exception e) when (IsMalformed(e)) { }
        return members;
    }

    private static bool IsMalformed(Exception e) => e is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException;
}
