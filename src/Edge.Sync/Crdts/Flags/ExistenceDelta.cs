namespace Edge.Sync.Crdts;

/// <summary>Says that a document exists (every edit does), or deletes it: takes back the listed sayings, and answers the listed deletions.</summary>
/// <remarks>
/// <code>
/// delta = nil             exists
///       | [ 0, [ dots ] ] deleted; an edit that had not seen it revives the document
///       | [ 1, [ dots ] ] deleted, whatever was edited by those who had not seen it
///       | [ 2, [ dots ] ] exists again, though the listed deletions are known
/// </code>
/// Whether a deletion wins is written into it, so that every replica agrees, whether or not it has the document's class.
/// </remarks>
internal sealed class ExistenceDelta : Delta
{
    private const int Deleted = 0, DeletedForGood = 1, Revived = 2;

    private readonly Dot[] _seen;

    private ExistenceDelta(Dot first, bool isDeletion, bool wins, Dot[] seen) : base(first) => (IsDeletion, Wins, _seen) = (isDeletion, wins, seen);

    /// <param name="dot">The delta's dot.</param>
    /// <param name="deletions">The deletions that its author knew, ascending.</param>
    public static ExistenceDelta Touch(Dot dot, Dot[] deletions) => new(dot, false, false, deletions);

    /// <param name="dot">The delta's dot.</param>
    /// <param name="seen">The sayings and deletions that its author knew, ascending.</param>
    /// <param name="wins">Whether edits by those who do not know it have no effect on the document's existence.</param>
    public static ExistenceDelta Delete(Dot dot, Dot[] seen, bool wins) => new(dot, true, wins, seen);

    public override CrdtKind Kind => CrdtKind.Existence;

    public override int DotCount => 1;

    public bool IsDeletion { get; }

    /// <summary>Whether a deletion wins over edits that it is concurrent to.</summary>
    public bool Wins { get; }

    /// <summary>What it answers.</summary>
    public ReadOnlySpan<Dot> Seen => _seen;

    public override ReadOnlySpan<Dot> Replaced => _seen;

    public override void Write(ref WireWriter writer)
    {
        if (!IsDeletion && _seen.Length == 0)
        {
            writer.Raw.WriteNil();
            return;
        }
        writer.Raw.WriteArrayHeader(2);
        writer.Raw.Write(!IsDeletion ? Revived : Wins ? DeletedForGood : Deleted);
        writer.WriteDots(_seen);
    }

    public override void VisitNamed(IDotVisitor visitor) => Visit(visitor, Replaced);

    public override Delta Named(DotNames names) => new ExistenceDelta(names[First], IsDeletion, Wins, names.AllLatest(_seen));

    public static ExistenceDelta Read(Dot first, ref WireReader reader)
    {
        if (reader.TryReadNil()) return Touch(first, []);
        reader.ReadArrayHeader("existence", 2, exactly: true);
        var operation = reader.ReadInt32("existence.operation", 0, Revived);
        var seen = reader.ReadDots("existence.seen");
        if (operation == Revived && seen.Length == 0) throw reader.Malformed("existence.seen", "an edit that knows no deletion is written as nil");
        return new(first, operation != Revived, operation == DeletedForGood, seen);
    }
}
