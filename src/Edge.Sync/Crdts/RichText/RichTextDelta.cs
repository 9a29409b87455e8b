namespace Edge.Sync.Crdts.RichText;

/// <summary>An edit of rich text: of its characters, of its marks, or of both where new text gets marks that its place would not give.</summary>
/// <remarks>
/// <code>
/// delta = delta of a text, of 1 to 3 elements
///       | [ delta of a text or nil, depth, key, value, start, end, ... ]   start, end = replica, ±counter; both 0 for the border of the text
/// </code>
/// A counter is positive for the side behind its character, negative for the side before. A nil value takes the mark away. The depth is that of
/// all marks of the delta: one more than any their author had seen. The characters' dots come first, then one for each mark.
/// </remarks>
internal sealed class RichTextDelta : Delta
{
    private const int HeadLength = 2;
    private const int MarkLength = 6;

    private readonly MarkOperation[] _marks;

    public RichTextDelta(Dot first, TextDelta? text, ulong depth, MarkOperation[] marks) : base(first) => (Text, Depth, _marks) = (text, depth, marks);

    public override CrdtKind Kind => CrdtKind.RichText;

    public override int DotCount => (Text?.DotCount ?? 0) + _marks.Length;

    /// <summary>The edit of the characters; null where there is none.</summary>
    public TextDelta? Text { get; }

    /// <summary>The depth of the marks in the log of marks; without meaning where there are none.</summary>
    public ulong Depth { get; }

    public ReadOnlySpan<MarkOperation> Marks => _marks;

    /// <summary>The dot of a mark.</summary>
    public Dot DotOf(int mark) => First.Plus((ulong)((Text?.DotCount ?? 0) + mark));

    /// <summary>Whether a dot is one of the delta's own characters.</summary>
    public bool Inserts(Dot character) =>
        Text is not null && character.Replica == First.Replica && character.Counter >= First.Counter && character.Counter - First.Counter < (ulong)Text.DotCount;

    public override void Write(ref WireWriter writer)
    {
        if (_marks.Length == 0)
        {
            Text!.Write(ref writer);
            return;
        }
        writer.Raw.WriteArrayHeader(HeadLength + _marks.Length * MarkLength);
        if (Text is null) writer.Raw.WriteNil();
        else Text.Write(ref writer);
        writer.Raw.Write(Depth);
        foreach (var mark in _marks) mark.Write(ref writer);
    }

    public override void CollectReplicas(ReplicaTable table)
    {
        if (Text is { Text.Length: > 0, Parent.Counter: > 0 }) table.IndexOf(Text.Parent.Replica);
        foreach (var mark in _marks)
        {
            if (!mark.Start.IsBorder) table.IndexOf(mark.Start.Character.Replica);
            if (!mark.End.IsBorder) table.IndexOf(mark.End.Character.Replica);
        }
    }

    public override void VisitNamed(IDotVisitor visitor)
    {
        Text?.VisitNamed(visitor);
        foreach (var mark in _marks)
        {
            if (!mark.Start.IsBorder) visitor.Visit(mark.Start.Character);
            if (!mark.End.IsBorder) visitor.Visit(mark.End.Character);
        }
    }

    public override Delta Named(DotNames names) => new RichTextDelta(names[First], (TextDelta?)Text?.Named(names), Depth, Array.ConvertAll(_marks, mark => mark.Named(names)));

    public static RichTextDelta Read(Dot first, ref WireReader reader)
    {
        var fork = reader;
        var length = fork.ReadArrayHeader("richText");
        if (length < HeadLength + MarkLength) return new(first, TextDelta.Read(first, ref reader), 0, []);
        reader = fork;
        if ((length - HeadLength) % MarkLength != 0) throw reader.Malformed("richText", "a mark is cut short");
        var text = reader.TryReadNil() ? null : TextDelta.Read(first, ref reader);
        var depth = reader.ReadCounter("richText.depth");
        var marks = new MarkOperation[(length - HeadLength) / MarkLength];
        for (var i = 0; i < marks.Length; i++) marks[i] = MarkOperation.Read(ref reader);
        var delta = new RichTextDelta(first, text, depth, marks);
        return (ulong)delta.DotCount <= Dot.CounterMax - first.Counter + 1 ? delta : throw reader.Malformed("richText", "its dots are more than a feed has");
    }
}
