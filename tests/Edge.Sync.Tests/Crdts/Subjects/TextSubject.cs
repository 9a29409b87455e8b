using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Sequences;

namespace Edge.Sync.Tests.Crdts.Subjects;

/// <summary>The text that <see cref="FugueModel"/> makes of the operations.</summary>
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

    public override string Read(CrdtState state) => ((TextState)state).ToString();

    public override string Expect(IReadOnlyList<Operation> operations) => Expect(operations, operations);

    /// <summary>What a removal of the key had seen is deleted; whatever hangs below it keeps its place.</summary>
    public override string Expect(IReadOnlyList<Operation> left, IReadOnlyList<Operation> all)
    {
        var model = new FugueModel();
        foreach (var operation in all) model.Join((TextDelta)operation.Delta);
        foreach (var operation in all.Where(o => !left.Contains(o)))
            if (operation.Delta is TextDelta { Text.Length: > 0 } delta) model.Join(TextDelta.Deletion(default, [new(delta.First, (ulong)delta.Text.Length - 1)]));
        return model.ToString();
    }
}
