using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.RichText;

/// <summary>What a peer lacks of rich text: of its characters, and marks, which may be anchored to characters that the peer has. It can only be joined.</summary>
/// <remarks><code>fragment = [ fragment of a text, the four values of <see cref="MarkColumns"/> ]</code></remarks>
internal sealed class RichTextFragment(TextFragment text, List<Mark> marks) : DotState
{
    public override CrdtKind Kind => CrdtKind.RichText;

    public override bool IsEmpty => text.IsEmpty && marks.Count == 0;

    public TextFragment Text => text;

    public List<Mark> Marks => marks;

    public override void Join(Delta delta, HybridTimestamp stamp) => throw OnlyJoined();

    public override void Join(DotState other, CausalContext ours, CausalContext theirs) => throw OnlyJoined();

    public override DotState Unseen(VersionVector peer, HashSet<Dot> kept) => throw OnlyJoined();

    public override void CollectReplicas(ReplicaTable table)
    {
        text.CollectReplicas(table);
        MarkColumns.CollectReplicas(marks, table);
    }

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(RichTextState.PartCount);
        text.Write(ref writer);
        MarkColumns.Write(marks, ref writer);
    }

    public static RichTextFragment Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("richText.fragment", RichTextState.PartCount, exactly: true);
        return new(TextFragment.Read(ref reader), MarkColumns.Read(ref reader));
    }

    public override void Check() => text.Check();

    private static InvalidOperationException OnlyJoined() => new("A fragment of rich text can only be joined into rich text.");
}
