namespace Edge.Sync.Crdts.RichText;

/// <summary>One end of a mark: a side of a character, which may be deleted since, or the border of the text where the counter is 0.</summary>
/// <remarks>
/// The side decides whether text that comes to stand beside the character is marked. A mark that starts behind the character before its range, or
/// ends before the one that follows, grows; one that is anchored at its own first and last character does not.
/// </remarks>
internal readonly record struct MarkAnchor(Dot Character, bool IsAfter)
{
    /// <summary>Before all text there will ever be: behind the root.</summary>
    public static readonly MarkAnchor Start = new(default, IsAfter: true);

    /// <summary>Behind all text there will ever be.</summary>
    public static readonly MarkAnchor End = new(default, IsAfter: false);

    public bool IsBorder => Character.Counter == 0;

    /// <summary>Two integers: the replica's number, and the counter, negative for the side before. Both 0 for the border.</summary>
    public void Write(ref WireWriter writer)
    {
        if (IsBorder) writer.Raw.Write(0);
        else writer.WriteReplica(Character.Replica);
        writer.Raw.Write(IsAfter ? (long)Character.Counter : -(long)Character.Counter);
    }

    public MarkAnchor Named(DotNames names) => IsBorder ? this : this with { Character = names[Character] };

    public static MarkAnchor Read(ref WireReader reader, string field, MarkAnchor border)
    {
        var fork = reader;
        if (fork.ReadInt32(field) == 0 && fork.ReadInt64(field) == 0)
        {
            reader = fork;
            return border;
        }
        var replica = reader.ReadReplica(field);
        var counter = reader.ReadInt64(field);
        if (counter is 0 or < -(long)Dot.CounterMax or > (long)Dot.CounterMax) throw reader.Malformed(field, $"{counter} is no counter");
        return new(new(replica, (ulong)Math.Abs(counter)), counter > 0);
    }
}
