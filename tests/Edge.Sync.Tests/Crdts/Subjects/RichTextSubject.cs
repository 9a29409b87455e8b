using Edge.Sync.Crdts;
using Edge.Sync.Crdts.RichText;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.RichText;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>A tree of single characters, and for each of them and each key the last operation that covers it.</summary>
internal sealed class RichTextSubject : CrdtSubject
{
    public override CrdtKind Kind => CrdtKind.RichText;

    public override int IntentCount => 8;

    /// <summary>Insert, delete, mark, unmark.</summary>
    public override IEnumerable<int> ExploredIntents => [0, 2, 3, 5];

    public override Delta? Mutate(CrdtState state, Dot dot, int intent)
    {
        var rich = (RichTextState)state;
        var text = rich.ToString();
        var index = Outside(text, (int)(dot.Counter * 7 % (ulong)(text.Length + 1)));
        var end = Outside(text, Math.Min(text.Length, index + 1 + (int)(dot.Counter % 4)));
        if (end == index && intent is >= 2 and <= 6) return null;
        return intent switch
        {
            0 => rich.Insert(dot, index, $"{(char)('a' + (dot.Counter % 26))}{(char)('A' + (dot.Counter % 26))}"),
            1 => rich.Insert(dot, index, "\U0001F600"),
            2 => rich.Delete(dot, index, end - index),
            3 => rich.Mark(dot, index, end - index, "bold", Value(1), MarkExpansion.After),
            4 => rich.Mark(dot, index, end - index, "link", Value((long)dot.Counter), MarkExpansion.None),
            5 => rich.Unmark(dot, index, end - index, "bold", MarkExpansion.After),
            6 => rich.Unmark(dot, index, end - index, "link", MarkExpansion.None),
            _ => rich.Insert(dot, index, "xy", [new(0, 1, [new("bold", Value(1), MarkExpansion.After)]), new(1, 1, [new("link", Value(1), MarkExpansion.None)])]),
        };
    }

    public override string Read(CrdtState state) => RichTextModel.Describe((RichTextState)state);

    public override string Expect(IReadOnlyList<Operation> operations) => Expect(operations, operations);

    public override string Expect(IReadOnlyList<Operation> left, IReadOnlyList<Operation> all)
    {
        var model = new RichTextModel();
        foreach (var operation in all) model.Join((RichTextDelta)operation.Delta, operation.Stamp);
        foreach (var operation in all.Where(o => !left.Any(c => c.Dot == o.Dot))) model.Forget((RichTextDelta)operation.Delta);
        return model.ToString();
    }

    private static int Outside(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) ? index + 1 : index;
}
