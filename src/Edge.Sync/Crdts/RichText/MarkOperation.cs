namespace Edge.Sync.Crdts.RichText;

/// <summary>Sets a value on a range, or takes it away where the value is nil.</summary>
internal readonly record struct MarkOperation(string Key, ValueBytes Value, MarkAnchor Start, MarkAnchor End)
{
    /// <summary>The longest key, in UTF-16 code units.</summary>
    public const int KeyLengthMax = 256;

    private static readonly ValueBytes s_nil = new([MessagePack.MessagePackCode.Nil]);

    public static ValueBytes Nil => s_nil;

    public bool IsRemoval => IsNil(Value);

    /// <summary>How the mark grows, as its anchors say.</summary>
    public MarkExpansion Expansion => (Start.IsAfter ? MarkExpansion.Before : 0) | (End.IsAfter ? 0 : MarkExpansion.After);

    public static bool IsNil(ValueBytes value) => value.Span is [MessagePack.MessagePackCode.Nil];

    /// <summary>Six values: key, value, start, end.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.Raw.Write(Key);
        writer.WriteValue(Value);
        Start.Write(ref writer);
        End.Write(ref writer);
    }

    public MarkOperation Named(DotNames names) => this with { Start = Start.Named(names), End = End.Named(names) };

    public static MarkOperation Read(ref WireReader reader)
    {
        var key = ReadKey(ref reader, "mark.key");
        return new(key, reader.ReadValue("mark.value"), MarkAnchor.Read(ref reader, "mark.start", MarkAnchor.Start), MarkAnchor.Read(ref reader, "mark.end", MarkAnchor.End));
    }

    public static string ReadKey(ref WireReader reader, string field)
    {
        var key = reader.ReadString(field);
        return key.Length is > 0 and <= KeyLengthMax ? key : throw reader.Malformed(field, $"a key has 1 to {KeyLengthMax} characters, not {key.Length}");
    }
}
