namespace Edge.Sync.LogModel.Documents;

/// <summary>A register that keeps concurrent values; the winner is the one with the latest stamp.</summary>
internal sealed class RegisterDocument : Document
{
    private readonly Written[] _written;

    private RegisterDocument(Written[] written, Rules rules, int wall)
    {
        _written = written;
        var values = Array.FindAll(written, w => !w.IsVoid && !IsRemoved(written, w.Change, rules));
        Array.Sort(values, (a, b) => StampOf(b) != StampOf(a) ? StampOf(b).CompareTo(StampOf(a)) : b.Id.CompareTo(a.Id));
        VisibleChanges = [.. values.Select(static v => v.Change)];
        Visible = string.Join('|', values.Select(static v => v.Letter));

        int StampOf(Written value) => rules.StampsAsWritten ? value.Time : Math.Min(value.Time, wall + Clock.DriftMax);
    }

    public static RegisterDocument Empty { get; } = new([], new(), 0);

    /// <summary>The winner first, then the conflicts.</summary>
    public override string Visible { get; }

    public override IReadOnlyList<int> VisibleChanges { get; }

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var written = new List<Written>(_written);
        foreach (var change in changes)
        {
            var isVoid = voids.Contains(change.Index);
            if (isVoid && !context.Rules.VoidNotExcised) continue;
            if (change.Operation.Kind == OperationKind.Write)
                written.Add(new(change.Index, context.TimeOf(change), change.Id, (char)('a' + change.Operation.Value), isVoid, change.Operation.Removes));
        }
        return new RegisterDocument([.. written], context.Rules, context.WallClock);
    }

    /// <remarks>A void value stays as a ghost until everything left follows it and sees it as void: till then a later write may name it, and not what it replaced.</remarks>
    public override Document Compact(ChangeSet settled, ChangeSet voids, in FoldContext context)
    {
        var kept = new List<Written>();
        foreach (var w in _written)
        {
            var isReplaced = Array.Exists(_written, r => r.Removes.Contains(w.Change) && settled.Contains(r.Change) && !r.IsVoid);
            if (!settled.Contains(w.Change) || !(isReplaced || voids.Contains(w.Change) || IsGone(w, settled))) kept.Add(w);
        }
        return new RegisterDocument([.. kept], context.Rules, context.WallClock);
    }

    // Removed through a void value by something settled: nothing refers to it any more.
    private bool IsGone(Written written, ChangeSet settled) =>
        Array.Exists(_written, r => r.Removes.Contains(written.Change) && settled.Contains(r.Change) && (!r.IsVoid || IsGone(r, settled)));

    // A removal stands if its own change is not void, or if any change that removed that change's value in turn stands.
    private static bool IsRemoved(Written[] written, int change, Rules rules) =>
        Array.Exists(written, r => r.Removes.Contains(change) && (!r.IsVoid || (rules.RemovalsStandThroughVoid && IsRemoved(written, r.Change, rules))));

    private readonly record struct Written(int Change, int Time, UInt128 Id, char Letter, bool IsVoid, ChangeSet Removes);
}
