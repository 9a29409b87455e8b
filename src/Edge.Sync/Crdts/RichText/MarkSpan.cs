namespace Edge.Sync.Crdts.RichText;

/// <summary>A stretch of visible text whose characters have equal marks.</summary>
/// <param name="Start">Its first UTF-16 code unit.</param>
/// <param name="Length">How many of them.</param>
/// <param name="Marks">By ascending key, text compared by code point.</param>
internal readonly record struct MarkSpan(int Start, int Length, MarkValue[] Marks)
{
    /// <summary>The spans of a range, counted from its start on.</summary>
    public static List<MarkSpan> Cut(List<MarkSpan> spans, int index, int count)
    {
        var cut = new List<MarkSpan>();
        foreach (var span in spans)
        {
            var (start, end) = (Math.Max(span.Start, index), Math.Min(span.Start + span.Length, index + count));
            if (start < end) cut.Add(new(start - index, end - start, span.Marks));
        }
        return cut;
    }
}
