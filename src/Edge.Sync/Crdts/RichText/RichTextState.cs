using System.Runtime.InteropServices;
using Edge.Sync.Crdts.RichText;

namespace Edge.Sync.Crdts;

/// <summary>Text in which every keystroke merges, with marks: bold, links, comments. Source: Litt, Lim, Kleppmann, van Hardenberg, "Peritext" (CSCW 2022).</summary>
/// <remarks>
/// <para>A mark is an operation on a range whose ends are sides of characters. For each character and key the one wins, of all that cover it, that comes
/// last in the one order of <see cref="CausalKey"/>: what had seen the other, else the later, then the greater replica. Alice makes "The fox" bold
/// and Bob, offline, makes "fox jumped" bold: all is bold. Alice makes a word bold while Bob takes bold from it: one of them wins, the same
/// everywhere. Different keys have nothing to do with each other. What is under one key has one value: two who link one word to two pages leave one
/// of the links. Comments, of which several lie over each other, take a key each.</para>
/// <para>Text gets the marks of the place where it is put: within a range, those of the range; at its border as <see cref="MarkExpansion"/> said when the
/// mark was written. Deleted characters still hold the ends of marks.</para>
/// <para>Unlike Peritext, new text whose place could give it other marks than its author sees (between deleted characters at which marks end) brings what
/// it should have as marks of its own, in the same delta. That also is how text is put back by undo: with the marks that it had, which
/// are written where its place does not give them.</para>
/// </remarks>
internal sealed partial class RichTextState : DotState, IResettable
{
    private readonly TextState _text;

    /// <summary>In the one order: of those that cover a character under one key, the last one wins.</summary>
    private readonly List<Mark> _marks;

    private readonly MarkEdges _edges;

    public RichTextState() : this(new(), []) { }

    private RichTextState(TextState text, List<Mark> marks)
    {
        (_text, _marks, _edges) = (text, marks, new(text));
        if (marks.Count > 0) _edges.Reset(marks);
    }

    public override CrdtKind Kind => CrdtKind.RichText;

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => _text.Length;

    /// <summary>The characters, to be read.</summary>
    internal TextState Text => _text;

    /// <summary>How many mark operations are kept.</summary>
    public int MarkCount => _marks.Count;

    public override string ToString() => _text.ToString();

    /// <summary>The visible text in maximal stretches of equal marks, in order: the same on every replica. Takes n + m log m for m marks.</summary>
    public List<MarkSpan> Spans() => new MarkSpans(_edges, _text.Length).Render();

    /// <summary>The spans of a range, from place 0 of the range on: what <see cref="Insert(Dot, int, ReadOnlySpan{char}, IReadOnlyList{MarkSpan})"/> takes to put it back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty, is not inside the text, or cuts a surrogate pair.</exception>
    public List<MarkSpan> Spans(int index, int count)
    {
        _text.CheckRange(index, count);
        return MarkSpan.Cut(Spans(), index, count);
    }

    /// <exception cref="EdgeDataException">The delta refers to characters that are not there, or cuts a surrogate pair. Nothing is changed.</exception>
    public override void Join(Delta delta, HybridTimestamp stamp)
    {
        var edit = (RichTextDelta)delta;
        foreach (ref readonly var mark in edit.Marks)
        {
            CheckAnchor(edit, mark.Start, "mark.start");
            CheckAnchor(edit, mark.End, "mark.end");
        }
        if (edit.Text is not null) _text.Join(edit.Text, stamp);
        for (var i = 0; i < edit.Marks.Length; i++) Add(new(new(edit.Depth, stamp, edit.DotOf(i)), edit.Marks[i]));
    }

    public override void JoinVoid(Delta delta, HybridTimestamp stamp)
    {
        if (((RichTextDelta)delta).Text is { } text) _text.JoinVoid(text, stamp);
    }

    /// <exception cref="InvalidOperationException">What is kept differs from what follows from the operations.</exception>
    public override void Check()
    {
        _text.Check();
        for (var i = 1; i < _marks.Count; i++)
            if (_marks[i - 1].CompareTo(_marks[i]) >= 0) throw new InvalidOperationException("The marks are not in order.");
        var sorted = _edges.Sorted;
        for (var i = 1; i < sorted.Length; i++)
            if (_edges.Compare(sorted[i - 1], sorted[i]) > 0) throw new InvalidOperationException($"Edge {i} does not stand behind the one before.");
        var anew = new MarkEdges(_text);
        anew.Reset(_marks);
        if (anew.Sorted.Length != sorted.Length) throw new InvalidOperationException($"There are {sorted.Length} edges, and should be {anew.Sorted.Length}.");
        var end = 0;
        foreach (var span in Spans())
        {
            if (span.Start != end || span.Length <= 0) throw new InvalidOperationException($"A span goes from {span.Start} for {span.Length}, and should start at {end}.");
            end += span.Length;
        }
        if (end != Length) throw new InvalidOperationException($"The spans end at {end}, the text at {Length}.");
    }

    private void CheckAnchor(RichTextDelta edit, MarkAnchor anchor, string field)
    {
        if (anchor.IsBorder || _text.OrdinalOf(anchor.Character) >= 0 || edit.Inserts(anchor.Character)) return;
        throw new EdgeDataException($"A delta of rich text was refused, and nothing changed: there is no character {anchor.Character}.", field);
    }

    private void Add(Mark mark)
    {
        var index = _marks.Count == 0 || _marks[^1].CompareTo(mark) < 0 ? ~_marks.Count : _marks.BinarySearch(mark);
        if (index >= 0) return;
        _marks.Insert(~index, mark);
        _edges.Add(mark);
    }
}
