using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>
/// Which letters are there, in no order: each letter that was typed, unless a deletion that had seen it took it. The order has a model of its own
/// beside the text.
/// </summary>
internal sealed class TextSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.Text;

    public override int IntentCount => 4;

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var text = (TextState)state;
        var index = (int)(dot.Counter * 7 % (ulong)(text.Length + 1));
        // Pairs are two units; an index inside one moves behind it.
        if (index > 0 && index < text.Length && char.IsLowSurrogate(text.ToString()[index])) index++;
        if (intent < 2) return text.Insert(dot, index, intent == 0 ? $"{(char)('a' + (dot.Counter % 26))}{(char)('A' + (dot.Counter % 26))}" : "\U0001F600");
        if (index == text.Length) return null;
        var length = char.IsHighSurrogate(text.ToString()[index]) ? 2 : 1;
        return text.Delete(dot, index, length);
    }

    public override string Read(CrdtState state) => string.Concat(((TextState)state).ToString().Order());

    public override string Expect(IReadOnlyList<Operation> operations)
    {
        var letters = new Dictionary<Dot, char>();
        foreach (var delta in operations.Select(o => (TextDelta)o.Delta))
            for (var i = 0; i < delta.Text.Length; i++) letters.Add(delta.First.Plus((ulong)i), delta.Text[i]);
        foreach (var delta in operations.Select(o => (TextDelta)o.Delta))
            foreach (var range in delta.Deleted)
                for (ulong i = 0; i <= range.Extent; i++) letters.Remove(range.First.Plus(i));
        return string.Concat(letters.Values.Order());
    }
}
