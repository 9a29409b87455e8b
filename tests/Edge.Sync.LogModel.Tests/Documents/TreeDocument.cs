using System.Globalization;

namespace Edge.Sync.LogModel.Documents;

/// <summary>A tree of numbered nodes: moves in one total order, those that would make a cycle without effect (Kleppmann et al., 2021).</summary>
/// <remarks>A fold keeps the tree and drops the undo information: a move that sorts before one that is folded can no longer take its place, and comes too late.</remarks>
internal sealed class TreeDocument : Document
{
    private readonly SortedDictionary<int, int> _base;
    private readonly (Change Change, int Time)[] _moves;

    private TreeDocument(SortedDictionary<int, int> from, (Change Change, int Time)[] moves)
    {
        (_base, _moves) = (from, moves);
        var parents = new SortedDictionary<int, int>(from);
        foreach (var (move, _) in moves) Move(parents, move);
        Visible = string.Join(' ', parents.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}<{p.Value}")));
    }

    public static TreeDocument Empty { get; } = new([], []);

    public override string Visible { get; }

    public override IReadOnlyList<int> VisibleChanges => [];

    public override Document Apply(ReadOnlySpan<Change> changes, ChangeSet voids, in FoldContext context)
    {
        var moves = new List<(Change Change, int Time)>(_moves);
        foreach (var change in changes)
            if (change.Operation.Kind == OperationKind.Move && !voids.Contains(change.Index)) moves.Add((change, context.TimeOf(change)));
        var byDepth = context.Rules.DepthBeforeTime;
        moves.Sort((a, b) =>
        {
            if (byDepth && a.Change.Depth != b.Change.Depth) return a.Change.Depth.CompareTo(b.Change.Depth);
            return a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Change.Id.CompareTo(b.Change.Id);
        });
        return new TreeDocument(_base, [.. moves]);
    }

    /// <remarks>Moves at the end of the order keep their undo; those before the first that is not settled are done for good.</remarks>
    public override Document Compact(ChangeSet settled, ChangeSet voids, in FoldContext context)
    {
        var parents = new SortedDictionary<int, int>(_base);
        var done = 0;
        for (; done < _moves.Length && settled.Contains(_moves[done].Change.Index); done++) Move(parents, _moves[done].Change);
        return new TreeDocument(parents, _moves[done..]);
    }

    private static void Move(SortedDictionary<int, int> parents, Change move)
    {
        var (node, target) = (move.Operation.Value, move.Operation.Target);
        if (!IsBelow(parents, target, node)) parents[node] = target;
    }

    private static bool IsBelow(SortedDictionary<int, int> parents, int node, int ancestor)
    {
        for (var at = node; ; at = parents[at])
        {
            if (at == ancestor) return true;
            if (!parents.ContainsKey(at)) return false;
        }
    }
}
