using System.Globalization;

namespace Edge.Sync.LogModel.Documents;

/// <summary>A counter whose every increment can be told from the others: the sum says which edits counted, and how often.</summary>
internal sealed class CounterDocument(IReadOnlyDictionary<int, int> counts) : Document
{
    public static CounterDocument Empty { get; } = new(new Dictionary<int, int>());

    public override string Visible { get; } = string.Join('+', counts.OrderBy(static p => p.Key).Select(static p => p.Value.ToString(CultureInfo.InvariantCulture) + "×" + p.Key.ToString(CultureInfo.InvariantCulture)));

    public override IReadOnlyList<int> VisibleChanges => [];

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var next = new Dictionary<int, int>(counts);
        foreach (var change in changes)
            if (change.Operation.Kind == OperationKind.Add && !voids.Contains(change.Index)) next[change.Edit] = next.GetValueOrDefault(change.Edit) + 1;
        return new CounterDocument(next);
    }
}
