using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>
/// Intents: an edit, a deletion, a deletion that wins. There if some edit has not been followed by a deletion, and every deletion that wins has been followed.
/// The deletions that nobody has followed can be read.
/// </summary>
internal sealed class ExistenceSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Existence;

    public override int IntentCount => 3;

    public override Delta Mutate(CrdtState state, Dot dot, int intent) =>
        intent == 0 ? ((ExistenceState)state).Touch(dot) : ((ExistenceState)state).Delete(dot, wins: intent == 2);

    public override string Read(CrdtState state)
    {
        var existence = (ExistenceState)state;
        return Describe(existence.Exists, existence.Exists || existence.Dots.Length > 0 ? existence.Deletions.ToArray().Select(d => (d.Dot, d.Stamp, d.Wins)) : []);
    }

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var deletions = operations.Where(d => d.Intent > 0).ToList();
        var isSaid = operations.Any(o => o.Intent == 0 && !deletions.Any(o.Precedes));
        var open = deletions.Where(d => !operations.Any(d.Precedes)).ToList();
        return Describe(isSaid && open.All(d => d.Intent == 1), isSaid ? open.Select(d => (d.Dot, d.Stamp, d.Intent == 2)) : []);
    }

    private static string Describe(bool exists, IEnumerable<(Dot Dot, HybridTimestamp Stamp, bool Wins)> conflicts) =>
        $"{exists} {string.Join(" ", conflicts.OrderBy(c => c.Dot).Select(c => $"{c.Dot}@{c.Stamp.Value}{(c.Wins ? "!" : "")}"))}";
}

/// <summary>Of the turns that nobody has followed: on if any is on, or only if all are.</summary>
internal sealed class FlagSubject(CrdtKind kind) : CrdtSubject
{
    public override CrdtKind Kind => kind;

    public override int IntentCount => 2;

    public override Delta Mutate(CrdtState state, Dot dot, int intent) => ((FlagState)state).Set(dot, intent == 0);

    public override string Read(CrdtState state) => $"{((FlagState)state).IsEnabled}";

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var last = Maximal(operations).ToList();
        return $"{last.Count > 0 && (kind == CrdtKind.EnableWinsFlag ? last.Any(o => o.Intent == 0) : last.All(o => o.Intent == 0))}";
    }
}
