namespace Edge.Sync.Crdts;

/// <summary>Placeholder for the sequence engine.</summary>
internal sealed class TextState : CrdtState
{
    public override CrdtKind Kind => CrdtKind.Text;

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => 0;

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/> (UTF-16). The delta takes one dot per code unit, from <paramref name="first"/> on. Not joined yet.</summary>
    public TextDelta Insert(Dot first, int index, ReadOnlySpan<char> text) => throw new NotSupportedException();

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on. Not joined yet.</summary>
    public TextDelta Delete(Dot first, int index, int count) => throw new NotSupportedException();

    public override void Join(Delta delta, HybridTimestamp stamp) => throw new NotSupportedException();

    public override void CollectReplicas(ReplicaTable table) => throw new NotSupportedException();

    public override void Write(ref WireWriter writer) => throw new NotSupportedException();

    public static TextState Read(ref WireReader reader) => throw new NotSupportedException();

    public override void Check() { }

    public override string ToString() => "";
}
