using Edge.Sync.Crdts;
using Edge.Sync.Crdts.RichText;
using Edge.Sync.Tests.Crdts.Sequences;

namespace Edge.Sync.Tests.Crdts.RichText;

/// <summary>
/// The slow, obviously right rich text: all operations are kept, and each character is asked which of them cover it. It takes nothing from the engine
/// but deltas.
/// </summary>
internal sealed class RichTextModel
{
    private readonly FugueModel _text = new();
    private readonly HashSet<Dot> _taken = [];
    private readonly List<(CausalKey Order, MarkOperation Mark)> _marks = [];

    public void Join(RichTextDelta delta, HybridTimestamp stamp)
    {
        if (delta.Text is { } text) _text.Join(text);
        for (var i = 0; i < delta.Marks.Length; i++) _marks.Add((new(delta.Depth, stamp, delta.DotOf(i)), delta.Marks[i]));
    }

    /// <summary>Forgets what a delta wrote, as the removal of a map's key does.</summary>
    public void Forget(RichTextDelta delta)
    {
        for (ulong i = 0; delta.Text is { } text && i < (ulong)text.DotCount; i++) _taken.Add(delta.First.Plus(i));
        for (var i = 0; i < delta.Marks.Length; i++) _marks.RemoveAll(m => m.Order.Dot == delta.DotOf(i));
    }

    public override string ToString()
    {
        var walk = Walk();
        return Describe(walk.Select((character, place) => (character.Value, character.IsDeleted, MarksAt(walk, place))));
    }

    /// <summary>The spans of a state as text, in the same form as the model's.</summary>
    public static string Describe(RichTextState state)
    {
        var text = state.ToString();
        return string.Concat(state.Spans().Select(s => $"[{text.Substring(s.Start, s.Length)}{Describe(s.Marks.Select(m => (m.Key, m.Value)))}]"));
    }

    /// <summary>The marks that text gets which is inserted before a visible place, by what its author sees.</summary>
    public string Inherited(int index)
    {
        var walk = Walk();
        var visible = Enumerable.Range(0, walk.Count).Where(i => !walk[i].IsDeleted).ToList();
        var left = index == 0 ? -1 : visible[index - 1];
        var right = index == visible.Count ? walk.Count : visible[index];
        var marks = new List<(string, ValueBytes)>();
        foreach (var key in _marks.Select(m => m.Mark.Key).Distinct())
        {
            var going = _marks.Where(m => m.Mark.Key == key && GoesOn(m.Mark)).ToList();
            if (going.Count > 0 && going.MaxBy(m => m.Order).Mark is { IsRemoval: false } winner) marks.Add((key, winner.Value));
        }
        return Describe(marks);

        bool GoesOn(MarkOperation mark)
        {
            var (start, end) = (PlaceOf(walk, mark.Start, isEnd: false), PlaceOf(walk, mark.End, isEnd: true));
            if (start >= end) return false;
            var reachesOver = start <= (2 * left) + 1 && end >= 2 * right;
            var coversLeft = left >= 0 && start <= 2 * left && end >= (2 * left) + 1;
            var coversRight = right < walk.Count && start <= 2 * right && end >= (2 * right) + 1;
            return reachesOver || (coversLeft && end > (2 * left) + 1 && !mark.End.IsAfter) || (coversRight && start < 2 * right && mark.Start.IsAfter);
        }
    }

    /// <summary>The marks of one visible character.</summary>
    public string MarksOf(int index)
    {
        var walk = Walk();
        return Describe(MarksAt(walk, Enumerable.Range(0, walk.Count).Where(i => !walk[i].IsDeleted).ElementAt(index)));
    }

    private List<(Dot Dot, char Value, bool IsDeleted)> Walk() => [.. _text.Characters.Select(c => c with { IsDeleted = c.IsDeleted || _taken.Contains(c.Dot) })];

    private List<(string, ValueBytes)> MarksAt(List<(Dot Dot, char Value, bool IsDeleted)> walk, int place)
    {
        var winners = new SortedDictionary<string, (CausalKey Order, ValueBytes Value)>(StringComparer.Ordinal);
        foreach (var (order, mark) in _marks)
        {
            if (PlaceOf(walk, mark.Start, isEnd: false) > 2 * place || PlaceOf(walk, mark.End, isEnd: true) < (2 * place) + 1) continue;
            if (!winners.TryGetValue(mark.Key, out var winner) || winner.Order.CompareTo(order) < 0) winners[mark.Key] = (order, mark.Value);
        }
        return [.. winners.Where(w => !MarkOperation.IsNil(w.Value.Value)).Select(w => (w.Key, w.Value.Value))];
    }

    private static int PlaceOf(List<(Dot Dot, char Value, bool IsDeleted)> walk, MarkAnchor anchor, bool isEnd) =>
        anchor.IsBorder ? (isEnd ? int.MaxValue : -1) : (2 * walk.FindIndex(c => c.Dot == anchor.Character)) + (anchor.IsAfter ? 1 : 0);

    private static string Describe(IEnumerable<(char Value, bool IsDeleted, List<(string Key, ValueBytes Value)> Marks)> characters)
    {
        var (spans, shown) = (new System.Text.StringBuilder(), (string?)null);
        foreach (var (value, _, marks) in characters.Where(c => !c.IsDeleted))
        {
            var next = Describe(marks);
            if (shown is null || shown != next) spans.Append(shown is null ? "" : shown + "]").Append('[');
            spans.Append(value);
            shown = next;
        }
        return shown is null ? "" : spans.Append(shown).Append(']').ToString();
    }

    private static string Describe(IEnumerable<(string Key, ValueBytes Value)> marks) =>
        string.Concat(marks.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"|{m.Key}={Convert.ToHexString(m.Value.Span)}"));
}
