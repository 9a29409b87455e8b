using Edge.Sync.Crdts;

namespace Edge.Sync.Documents.History;

/// <summary>Which elements a list has in one state and not in another, by what they are and not by likeness, and which a move has put elsewhere.</summary>
internal static class ListComparison
{
    public static ElementsDiff? Compare(string name, ListState before, ListState after)
    {
        var (a, b) = (Elements(before), Elements(after));
        var (inA, inB) = (a.ToDictionary(static e => e.Name), b.ToDictionary(static e => e.Name));
        var added = b.Where(e => !inA.TryGetValue(e.Name, out var was) || !was.Value.Equals(e.Value)).Select(static e => e.Value);
        var removed = a.Where(e => !inB.TryGetValue(e.Name, out var now) || !now.Value.Equals(e.Value)).Select(static e => e.Value);
        var moved = b.Where(e => inA.TryGetValue(e.Name, out var was) && was.Place != e.Place).Select(static e => e.Value);
        var difference = new ElementsDiff(name, PlainValue.OfAll(added), PlainValue.OfAll(removed), PlainValue.OfAll(moved));
        return difference.Added.Count + difference.Removed.Count + difference.Moved.Count == 0 ? null : difference;
    }

    private static List<(Dot Name, Dot Place, ValueBytes Value)> Elements(ListState list)
    {
        var elements = new List<(Dot, Dot, ValueBytes)>(list.Count);
        for (var i = 0; i < list.Count; i++) elements.Add((list.ElementAt(i), list.PlaceAt(i), list[i]));
        return elements;
    }
}
