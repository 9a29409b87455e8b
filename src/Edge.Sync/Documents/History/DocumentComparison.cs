using System.Globalization;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents.History;

/// <summary>Compares two states of one document, which come from one history: what has one identity in both is the same.</summary>
internal static class DocumentComparison
{
    public static DocumentDiff Compare(DocumentSchema schema, DocumentState before, DocumentState after)
    {
        var fields = new List<FieldDiff>();
        var known = new HashSet<(uint, CrdtKind)>();
        foreach (var field in schema.Fields)
        {
            known.Add((field.Id, field.Kind));
            if (field.Lens is { } lens)
            {
                known.Add((lens.OldId, CrdtKind.Register));
                Add(fields, field.Name, field.Kind, Shown(before, field, lens), Shown(after, field, lens));
                continue;
            }
            Add(fields, field.Name, field.Kind, before.Find(field.Id, field.Kind), after.Find(field.Id, field.Kind));
            if (field.Shape.Companion is not { } companion) continue;
            known.Add((field.Id, companion));
            Add(fields, field.Name, companion, before.Find(field.Id, companion), after.Find(field.Id, companion));
        }
        foreach (var (id, kind) in before.Fields.Concat(after.Fields).Select(static field => field.Key))
            if (known.Add((id, kind))) Add(fields, id.ToString("x8", CultureInfo.InvariantCulture), kind, before.Find(id, kind), after.Find(id, kind));
        return new(before.Id, before.Existence.Exists, after.Existence.Exists, fields);
    }

    private static RegisterState? Shown(DocumentState document, FieldDefinition field, FieldLens lens) => lens.Read(document.Find(field.Id, field.Kind), document.Find(lens.OldId, CrdtKind.Register));

    private static void Add(List<FieldDiff> differences, string name, CrdtKind kind, CrdtState? before, CrdtState? after)
    {
        if (before is null && after is null) return;
        var difference = Compare(name, before ?? CrdtState.Create(kind), after ?? CrdtState.Create(kind));
        if (difference is not null) differences.Add(difference);
    }

    private static FieldDiff? Compare(string name, CrdtState before, CrdtState after) => (before, after) switch
    {
        (RegisterState a, RegisterState b) => Values(name, a.TryGetWinner(out var x) ? x : null, b.TryGetWinner(out var y) ? y : null),
        (ExtremeState a, ExtremeState b) => Values(name, a.TryGet(out var x) ? x : null, b.TryGet(out var y) ? y : null),
        (FlagState a, FlagState b) => a.IsEnabled == b.IsEnabled ? null : new ValueDiff(name, a.IsEnabled, b.IsEnabled),
        (CounterState a, CounterState b) => Amounts(name, a.Value, b.Value),
        (BoundedCounterState a, BoundedCounterState b) => Amounts(name, a.Value, b.Value),
        (SetState a, SetState b) => Elements(name, a.Elements, b.Elements),
        (RemoveWinsSetState a, RemoveWinsSetState b) => Elements(name, a.Elements, b.Elements),
        (GrowSetState a, GrowSetState b) => Elements(name, a.Elements, b.Elements),
        (EventLogState a, EventLogState b) => Events(name, a, b),
        (ListState a, ListState b) => ListComparison.Compare(name, a, b),
        (TreeState a, TreeState b) => TreeComparison.Compare(name, a, b),
        (TextState a, TextState b) => TextComparison.Compare(name, a, b),
        (MapState a, MapState b) => Keys(name, a, b),
        (LatticeState a, LatticeState b) => Elements(name, a.Values, b.Values),
        _ => null,
    };

    private static ValueDiff? Values(string name, ValueBytes? before, ValueBytes? after) =>
        Equals(before, after) ? null : new(name, PlainValue.Of(before), PlainValue.Of(after));

    private static AmountDiff? Amounts(string name, long before, long after) => before == after ? null : new(name, before, after);

    private static ElementsDiff? Elements(string name, IEnumerable<ValueBytes> before, IEnumerable<ValueBytes> after)
    {
        var (a, b) = (before.ToHashSet(), after.ToHashSet());
        return a.SetEquals(b) ? null : new(name, PlainValue.OfAll(b.Except(a).Order()), PlainValue.OfAll(a.Except(b).Order()), []);
    }

    private static ElementsDiff? Events(string name, EventLogState before, EventLogState after)
    {
        var (a, b) = (before.Entries.ToArray(), after.Entries.ToArray());
        var (dotsA, dotsB) = (a.Select(static e => e.Key.Dot).ToHashSet(), b.Select(static e => e.Key.Dot).ToHashSet());
        if (dotsA.SetEquals(dotsB)) return null;
        return new(name, PlainValue.OfAll(b.Where(e => !dotsA.Contains(e.Key.Dot)).Select(static e => e.Value)), PlainValue.OfAll(a.Where(e => !dotsB.Contains(e.Key.Dot)).Select(static e => e.Value)), []);
    }

    private static KeysDiff? Keys(string name, MapState before, MapState after)
    {
        var (a, b) = (before.Keys.ToHashSet(), after.Keys.ToHashSet());
        var changed = new List<KeyDiff>();
        foreach (var key in a.Intersect(b).Order())
        {
            var differences = new List<FieldDiff>();
            foreach (var kind in before.Under(key).Concat(after.Under(key)).Select(static s => s.Kind).Distinct().Order())
                Add(differences, "", kind, before.Find(key, kind), after.Find(key, kind));
            if (differences.Count > 0) changed.Add(new(PlainValue.Of(key), differences));
        }
        if (changed.Count == 0 && a.SetEquals(b)) return null;
        return new(name, PlainValue.OfAll(b.Except(a).Order()), PlainValue.OfAll(a.Except(b).Order()), changed);
    }
}
