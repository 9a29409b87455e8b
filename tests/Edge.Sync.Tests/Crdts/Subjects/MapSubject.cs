using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>
/// A map of one type at two keys. An edit counts unless a removal of its key follows it; a key is there while an edit counts; what lies under it is
/// what its type says of the edits that count.
/// </summary>
internal sealed class MapSubject(CrdtSubject nested) : CrdtSubject
{
    private const int KeyCount = 2;

    public override CrdtKind Kind => CrdtKind.Map;

    public override string Name => $"MapOf{nested.Name}";

    /// <summary>For each key: a removal, a touch, then the edits of what lies under it.</summary>
    public override int IntentCount => KeyCount * (nested.IntentCount + 2);

    /// <summary>One key only: keys have nothing to do with each other.</summary>
    public override IEnumerable<int> ExploredIntents => [0, KeyCount, .. nested.ExploredIntents.Select(i => (i + 2) * KeyCount)];

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var map = (MapState)state;
        var key = Value(intent % KeyCount);
        return (intent / KeyCount) switch
        {
            0 => map.Contains(key) ? map.Remove(dot, key) : null,
            1 => map.Touch(dot, key),
            var edit => nested.Mutate(map.FindOrNew(key, nested.Kind), dot, edit - 2) is { } delta ? map.Edit(key, delta) : null,
        };
    }

    public override string Read(CrdtState state) => Read(state, nested.Read);

    public override string ReadValues(CrdtState state) => Read(state, nested.ReadValues);

    public override IEnumerable<int> RevocableIntents =>
        [.. Enumerable.Range(0, KeyCount * 2), .. nested.RevocableIntents.SelectMany(i => Enumerable.Range((i + 2) * KeyCount, KeyCount))];

    private string Read(CrdtState state, Func<CrdtState, string> read)
    {
        var map = (MapState)state;
        var keys = map.Keys.Order().ToList();
        Assert.Equal(keys.Count, map.Count);
        return string.Join("; ", keys.Select(key => $"{Text(key)}: {read(map.FindOrNew(key, nested.Kind))}"));
    }

    public override string Expect(IReadOnlyList<Operation> operations) => Expect(operations, operations);

    public override string Expect(IReadOnlyList<Operation> left, IReadOnlyList<Operation> all)
    {
        var entries = new List<string>();
        for (var key = 0; key < KeyCount; key++)
        {
            var ofKey = left.Where(o => o.Intent % KeyCount == key).ToList();
            var removals = ofKey.Where(o => o.Intent / KeyCount == 0).ToList();
            var counting = ofKey.Where(o => o.Intent / KeyCount > 0 && !removals.Any(o.Precedes)).ToList();
            if (counting.Count > 0) entries.Add($"{Text(Value(key))}: {nested.Expect(Edits(counting), Edits(all.Where(o => o.Intent % KeyCount == key)))}");
        }
        return string.Join("; ", entries);
    }

    private static List<Operation> Edits(IEnumerable<Operation> operations) => [.. operations.Where(o => o.Intent / KeyCount > 1)
        .Select(o => o with { Delta = ((MapDelta)o.Delta).Nested!, Intent = (o.Intent / KeyCount) - 2 })];
}
