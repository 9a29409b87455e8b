using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Sequences;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>
/// A list by its definition. Insertions and moves make places in a Fugue tree. An element is at the place of the last of its moves in their one
/// order; it is there while an insertion, set or move of it is there that no deletion had seen; and shows the sets that no other followed.
/// </summary>
internal sealed class ListSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.List;

    public override int IntentCount => 8;

    public override IEnumerable<int> ExploredIntents => [0, 2, 3, 5];

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var list = (ListState)state;
        var number = (int)((dot.Counter * 7) + dot.Replica.ToByteArray()[0]);
        if (intent == 0) return list.Insert(dot, number % (list.Count + 1), Value(number));
        if (intent == 1) return list.Insert(dot, number % (list.Count + 1), Value(number), Value(-number), Value(number + 1));
        if (list.Count == 0) return null;
        var index = number % list.Count;
        var count = Math.Min(list.Count - index, 3);
        return intent switch
        {
            2 => list.Set(dot, index, Value(number)),
            3 => list.Move(dot, index, 1, number / 3 % list.Count),
            4 => list.Move(dot, index, count, number / 3 % (list.Count - count + 1)),
            5 => list.Delete(dot, index, 1),
            6 => list.Delete(dot, index, count),
            _ => list.Delete(dot, 0, list.Count),
        };
    }

    public override string Read(CrdtState state)
    {
        var list = (ListState)state;
        var elements = new List<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var values = list.Values(i);
            // Only an edit that no honest replica writes leaves an element without a value: it is shown as nil.
            if (values.Length > 0) Assert.Equal(values[^1].Value, list[i]);
            else Assert.Equal([0xC0], list[i].Span.ToArray());
            elements.Add($"{list.ElementAt(i)}={string.Join("|", values.Select(v => $"{Text(v.Value)}@{v.Stamp.Value}"))}");
        }
        return string.Join(" ", elements);
    }

    public override string ReadValues(CrdtState state) => string.Join(" ", ((ListState)state).ToArray().Select(Text));

    public override string Expect(IReadOnlyList<Operation> operations) => Expect(operations, operations);

    public override string Expect(IReadOnlyList<Operation> left, IReadOnlyList<Operation> all)
    {
        var places = new FugueModel();
        var inserted = new Dictionary<Dot, (Operation By, ValueBytes Value)>();
        var moves = new Dictionary<Dot, List<(Dot Place, ulong Depth, Operation By)>>();
        foreach (var operation in all)
        {
            var delta = (ListDelta)operation.Delta;
            if (delta.Operation is not (ListOperation.Insert or ListOperation.Move)) continue;
            places.Join(TextDelta.Insertion(delta.First, delta.At, delta.IsLeftChild, new('x', delta.DotCount)));
            for (var i = 0; i < delta.DotCount; i++)
            {
                var place = delta.First.Plus((ulong)i);
                var element = delta.Operation == ListOperation.Insert ? place : delta.Moves[i].Element;
                if (delta.Operation == ListOperation.Insert) inserted.Add(element, (operation, delta.Values[i]));
                if (!moves.TryGetValue(element, out var known)) moves.Add(element, known = []);
                known.Add((place, delta.Operation == ListOperation.Insert ? 0 : delta.Moves[i].Depth, operation));
            }
        }
        var at = moves.ToDictionary(m => m.Value.OrderBy(p => p.Depth).ThenBy(p => p.By.Stamp).ThenBy(p => p.Place.Replica).ThenBy(p => p.Place.Counter).Last().Place, m => m.Key);
        return string.Join(" ", places.Dots().Where(at.ContainsKey).Select(p => at[p]).Where(IsThere).Select(e => $"{e}={Values(e)}"));

        bool IsThere(Dot element) => all.Any(o => left.Contains(o) && Edits((ListDelta)o.Delta, element) && !all.Any(d => Deletes((ListDelta)d.Delta, element) && o.Precedes(d)));

        string Values(Dot element)
        {
            var sets = all.Where(o => ((ListDelta)o.Delta).Operation == ListOperation.Set && ((ListDelta)o.Delta).At == element).ToList();
            if (sets.Count == 0) return $"{Text(inserted[element].Value)}@0";
            return string.Join("|", sets.Where(s => !sets.Any(s.Precedes)).OrderBy(s => s.Stamp).ThenBy(s => s.Dot.Replica).ThenBy(s => s.Dot.Counter)
                .Select(s => $"{Text(((ListDelta)s.Delta).Values[0])}@{s.Stamp.Value}"));
        }
    }

    private static bool Edits(ListDelta delta, Dot element) => delta.Operation switch
    {
        ListOperation.Insert => element.Replica == delta.First.Replica && element.Counter >= delta.First.Counter && element.Counter < delta.First.Counter + (ulong)delta.DotCount,
        ListOperation.Move => delta.Moves.ToArray().Any(m => m.Element == element),
        ListOperation.Set => delta.At == element,
        _ => false,
    };

    private static bool Deletes(ListDelta delta, Dot element) =>
        delta.Ranges.ToArray().Any(r => r.First.Replica == element.Replica && r.First.Counter <= element.Counter && element.Counter <= r.LastCounter)
        || delta.Removals.ToArray().Any(r => r.Element == element);
}
