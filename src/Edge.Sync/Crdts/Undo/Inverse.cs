using Edge.Sync.Crdts.RichText;

namespace Edge.Sync.Crdts.Undo;

/// <summary>
/// What takes back one delta: small, made from the state before it. Applied to the state as it is then, after the edits of others, it gives ordinary
/// deltas, whose inverses do it again.
/// </summary>
/// <remarks>
/// <para>It takes back what its edit did and what is still in effect, and no more. What that is, it knows by dots: a register's value is put back only
/// while the one that the edit wrote is shown; characters are deleted if they are still there.</para>
/// <para>Taking back brings things to life again under new dots. Each history then renames them in its other inverses (<see cref="Rename"/>), so that
/// an older step still finds what it made.</para>
/// <para>Law, tested for all kinds: on one replica, taking back everything reads as before, and doing everything again reads as after.</para>
/// </remarks>
internal abstract class Inverse
{
    /// <summary>As many inverses lie in each other as maps do.</summary>
    private const int DepthMax = MapState.DepthMax;

    protected abstract InverseKind Tag { get; }

    public abstract void Apply(UndoTarget target);

    /// <summary>This inverse with the names that things have now; itself where none has changed.</summary>
    public virtual Inverse Rename(DotRenaming names) => this;

    /// <summary>Writes one array: the tag, then what the kind needs.</summary>
    public abstract void Write(ref WireWriter writer);

    /// <summary>The inverse of a delta, from the state before it; null where the delta does nothing that could be taken back or is missed.</summary>
    public static Inverse? Of(CrdtState? before, Delta delta) => delta switch
    {
        RegisterDelta register => RegisterInverse.Of((RegisterState?)before, register),
        CounterDelta { Amount: 0 } => null,
        CounterDelta { Kind: CrdtKind.Counter } counter => new CounterInverse(counter.First, counter.Amount),
        BoundedCounterDelta bounded => new BoundedCounterInverse(bounded.First, bounded.Operation, bounded.Amount, bounded.Other),
        SetDelta set => VoteInverse.Of(before, set),
        FlagDelta flag => VoteInverse.Of((FlagState?)before, flag),
        TextDelta { Text.Length: > 0 } text => TextInsertionInverse.Of(text),
        TextDelta text => TextDeletionInverse.Of((TextState?)before, text),
        RichTextDelta { Text.Text.Length: > 0 } text => new RichTextInsertionInverse([new(text.First, 1, text.Text.Text.Length)]),
        RichTextDelta { Text: not null } text => RichTextDeletionInverse.Of((RichTextState?)before, text.Text),
        RichTextDelta marks => MarkInverse.Of((RichTextState?)before, marks),
        ListDelta { Operation: ListOperation.Insert } list => ListInsertionInverse.Of(list),
        ListDelta { Operation: ListOperation.Delete } list => ListDeletionInverse.Of((ListState?)before, list),
        ListDelta { Operation: ListOperation.Set } list => ListValueInverse.Of((ListState?)before, list),
        ListDelta list => ListMoveInverse.Of((ListState?)before, list),
        TreeDelta tree => TreeInverse.Of((TreeState?)before, tree),
        MapDelta { IsRemoval: true } map => KeyRemovalInverse.Of((MapState?)before, map),
        MapDelta map => KeyEditInverse.Of((MapState?)before, map),
        _ => IrrevocableInverse.ByDefinition,
    };

    /// <exception cref="EdgeDataException">The bytes are no inverse.</exception>
    public static Inverse Read(ref WireReader reader, int depth = 0)
    {
        if (depth > DepthMax) throw reader.Malformed("inverse", $"more than {DepthMax} lie in each other");
        var length = reader.ReadArrayHeader("inverse");
        var tag = (InverseKind)reader.ReadInt32("inverse.kind", 0, byte.MaxValue);
        Inverse inverse = tag switch
        {
            InverseKind.Irrevocable => IrrevocableInverse.ReadRest(ref reader),
            InverseKind.Register => RegisterInverse.ReadRest(ref reader),
            InverseKind.Counter => CounterInverse.ReadRest(ref reader),
            InverseKind.BoundedCounter => BoundedCounterInverse.ReadRest(ref reader),
            InverseKind.Vote => VoteInverse.ReadRest(ref reader),
            InverseKind.TextInsertion => TextInsertionInverse.ReadRest(ref reader),
            InverseKind.TextDeletion => TextDeletionInverse.ReadRest(ref reader),
            InverseKind.RichTextInsertion => RichTextInsertionInverse.ReadRest(ref reader),
            InverseKind.RichTextDeletion => RichTextDeletionInverse.ReadRest(ref reader),
            InverseKind.Mark => MarkInverse.ReadRest(ref reader),
            InverseKind.Tree => TreeInverse.ReadRest(ref reader),
            InverseKind.ListInsertion => ListInsertionInverse.ReadRest(ref reader),
            InverseKind.ListDeletion => ListDeletionInverse.ReadRest(ref reader),
            InverseKind.ListValue => ListValueInverse.ReadRest(ref reader),
            InverseKind.ListMove => ListMoveInverse.ReadRest(ref reader),
            InverseKind.KeyEdit => KeyEditInverse.ReadRest(ref reader, depth),
            InverseKind.KeyRemoval => KeyRemovalInverse.ReadRest(ref reader),
            _ => throw reader.Malformed("inverse.kind", $"there is no inverse of kind {(byte)tag}"),
        };
        return length == inverse.Length ? inverse : throw reader.Malformed("inverse", $"it has {inverse.Length} elements, not {length}");
    }

    /// <summary>How many elements <see cref="Write"/> writes, the tag included.</summary>
    protected abstract int Length { get; }

    protected void WriteHead(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(Length);
        writer.Raw.Write((byte)Tag);
    }

    /// <summary>A dot that may be none.</summary>
    protected static void WriteOptional(ref WireWriter writer, Dot dot) => writer.WriteDots(dot.Counter == 0 ? [] : [dot]);

    protected static Dot ReadOptional(ref WireReader reader, string field)
    {
        var dots = reader.ReadDots(field);
        return dots.Length switch { 0 => default, 1 => dots[0], _ => throw reader.Malformed(field, "there is one dot at most") };
    }

    protected static bool AreAllOf(ReplicaId replica, ReadOnlySpan<Dot> dots)
    {
        foreach (var dot in dots)
            if (dot.Replica != replica) return false;
        return true;
    }
}

/// <summary>Numbers are stored in local files: they are added to and never changed.</summary>
internal enum InverseKind : byte
{
    Irrevocable = 0,
    Register = 1,
    Counter = 2,
    BoundedCounter = 3,
    Vote = 4,
    TextInsertion = 5,
    TextDeletion = 6,
    Tree = 7,
    KeyEdit = 8,
    KeyRemoval = 9,
    RichTextInsertion = 10,
    RichTextDeletion = 11,
    Mark = 12,
    ListInsertion = 13,
    ListDeletion = 14,
    ListValue = 15,
    ListMove = 16,
}
