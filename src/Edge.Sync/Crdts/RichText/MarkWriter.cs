namespace Edge.Sync.Crdts.RichText;

/// <summary>Writes the marks that inserted text is to have, as far as its place does not give them.</summary>
/// <param name="first">The dot of its first character.</param>
/// <param name="length">How many characters it has.</param>
/// <param name="left">The side of what stands before it.</param>
/// <param name="right">The side of what follows it.</param>
internal sealed class MarkWriter(Dot first, int length, MarkAnchor left, MarkAnchor right)
{
    private readonly List<MarkOperation> _marks = [];

    /// <param name="key">The key.</param>
    /// <param name="inherited">What the place gives; null where that cannot be told.</param>
    /// <param name="spans">What is wanted; nothing where no span is.</param>
    public void Write(string key, ValueBytes? inherited, IReadOnlyList<MarkSpan> spans)
    {
        foreach (var (from, to, value) in Runs(key, spans))
        {
            if (inherited is { } there && there.Equals(value.Value)) continue;
            var start = (value.Expansion & MarkExpansion.Before) == 0 ? new(first.Plus((ulong)from), IsAfter: false)
                : from == 0 ? left : new MarkAnchor(first.Plus((ulong)from - 1), IsAfter: true);
            var end = (value.Expansion & MarkExpansion.After) == 0 ? new(first.Plus((ulong)to - 1), IsAfter: true)
                : to == length ? right : new MarkAnchor(first.Plus((ulong)to), IsAfter: false);
            _marks.Add(new(key, value.Value, start, end));
        }
    }

    public MarkOperation[] ToArray() => [.. _marks];

    /// <summary>The whole text in stretches of one value each.</summary>
    private List<(int From, int To, MarkValue Value)> Runs(string key, IReadOnlyList<MarkSpan> spans)
    {
        var runs = new List<(int From, int To, MarkValue Value)>();
        var none = new MarkValue(key, MarkOperation.Nil, MarkExpansion.After);
        foreach (var span in spans)
        {
            Append(span.Start, none);
            var value = none;
            foreach (var mark in span.Marks)
                if (mark.Key == key) value = mark;
            Append(span.Start + span.Length, value);
        }
        Append(length, none);
        return runs;

        void Append(int to, MarkValue value)
        {
            var from = runs.Count == 0 ? 0 : runs[^1].To;
            if (Math.Min(to, length) <= from) return;
            if (runs.Count > 0 && runs[^1].Value == value) runs[^1] = (runs[^1].From, Math.Min(to, length), value);
            else runs.Add((from, Math.Min(to, length), value));
        }
    }
}
