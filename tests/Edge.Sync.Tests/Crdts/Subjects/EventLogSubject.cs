using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>All events, each behind those that its author had seen; those at equal depth by time, then replica.</summary>
internal sealed class EventLogSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.EventLog;

    public override int IntentCount => 2;

    public override IEnumerable<int> RevocableIntents => [];

    public override string ReadValues(CrdtState state) => string.Join(" ", ((EventLogState)state).Entries.ToArray().Select(e => Text(e.Value)));

    public override Delta Mutate(CrdtState state, Dot dot, int intent) => ((EventLogState)state).Append(dot, Value(intent));

    public override string Read(CrdtState state)
    {
        var entries = new List<string>();
        foreach (var entry in ((EventLogState)state).Entries) entries.Add($"{entry.Key.Dot}={Text(entry.Value)}");
        return string.Join(" ", entries);
    }

    public override string Expect(IReadOnlyList<Operation> operations) => string.Join(" ", operations
        .OrderBy(o => ((EventLogDelta)o.Delta).Depth).ThenBy(o => o.Stamp).ThenBy(o => o.Dot.Replica).ThenBy(o => o.Dot.Counter)
        .Select(o => $"{o.Dot}={Text(Value(o.Intent))}"));
}
