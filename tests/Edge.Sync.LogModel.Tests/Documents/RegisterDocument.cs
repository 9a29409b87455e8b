namespace Edge.Sync.LogModel.Documents;

/// <summary>A register that keeps concurrent values; the winner is the one with the latest stamp.</summary>
internal sealed class RegisterDocument : Document
{
    private readonly Value[] _values;
    private readonly IReadOnlyDictionary<int, int> _caps;

    private RegisterDocument(Value[] values, IReadOnlyDictionary<int, int> caps)
    {
        (_values, _caps) = (values, caps);
        VisibleChanges = [.. values.Select(static v => v.Change)];
        Visible = string.Join('|', values.Select(static v => v.Letter));
    }

    public static RegisterDocument Empty { get; } = new([], new Dictionary<int, int>());

    /// <summary>The winner first, then the conflicts.</summary>
    public override string Visible { get; }

    public override IReadOnlyList<int> VisibleChanges { get; }

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var caps = new Dictionary<int, int>(_caps);
        var removers = new Dictionary<int, List<int>>();
        var values = new List<Value>(_values);
        foreach (var change in changes)
        {
            var isVoid = voids.Contains(change.Index);
            if (isVoid && !context.Rules.VoidNotExcised) continue;
            if (change.Kind == ChangeKind.CapClock && !isVoid) caps[change.Subject] = Math.Min(change.Bound, caps.GetValueOrDefault(change.Subject, int.MaxValue));
            if (change.Operation.Kind != OperationKind.Write) continue;
            foreach (var removed in change.Operation.Removes.Items)
                (removers.TryGetValue(removed, out var list) ? list : removers[removed] = []).Add(change.Index);
            if (!isVoid) values.Add(new(change.Index, change.Feed, change.Time, change.Id, (char)('a' + change.Operation.Value)));
        }
        var rules = context.Rules;
        var wall = context.WallClock;
        values.RemoveAll(v => IsRemoved(v.Change));
        values.Sort((a, b) => StampOf(b) != StampOf(a) ? StampOf(b).CompareTo(StampOf(a)) : b.Id.CompareTo(a.Id));
        return new RegisterDocument([.. values], caps);

        // A removal stands if its own change is not void, or if any change that removed that change's value in turn stands.
        bool IsRemoved(int change) => removers.TryGetValue(change, out var list)
            && list.Exists(r => !voids.Contains(r) || (rules.RemovalsStandThroughVoid && IsRemoved(r)));

        int StampOf(Value value)
        {
            var stamp = Math.Min(value.Time, caps.GetValueOrDefault(value.Feed, int.MaxValue));
            return rules.StampsAsWritten ? stamp : Math.Min(stamp, wall + Clock.DriftMax);
        }
    }

    private readonly record struct Value(int Change, int Feed, int Time, UInt128 Id, char Letter);
}
