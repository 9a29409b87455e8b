using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Crdts.RichText;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Text with marks (bold, links, comments) that several people edit at once; every keystroke merges, and so does every mark.</summary>
/// <remarks>
/// <para>Indexes count UTF-16 code units, as everywhere in .NET. A mark sets a value under a key on a range, and moves with its text. Text that is inserted
/// within the range is marked too; text at its border as <see cref="MarkExpansion"/> says.</para>
/// <para>On concurrent edits: text merges as in <see cref="ReplicatedText"/>. Alice makes "The fox" bold and Bob, offline, makes "fox jumped" bold: all
/// of it is. Alice makes a word bold while Bob takes bold from it: one of them wins, the later by hybrid time, the same everywhere; who had seen the
/// other's mark wins in any case. Different keys have nothing to do with each other.</para>
/// </remarks>
public sealed class ReplicatedRichText : INotifyPropertyChanged, ILiveContainer
{
    private readonly Field _field;
    private PropertyChangedEventHandler? _changed;

    internal ReplicatedRichText(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a change of the text.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Value);

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => _field.TryFindCell(out var cell) ? cell.Text.Length : State?.Length ?? 0;

    /// <summary>The whole text without its marks. Setting it writes the smallest difference: what both ends have in common stays as it is, marks too.</summary>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public string Value
    {
        get => _field.TryFindCell(out var cell) ? cell.Text : State?.ToString() ?? "";
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            var (start, deleted, inserted) = ReplicatedText.Difference(Value, value);
            if (deleted > 0) Delete(start, deleted);
            if (inserted.Length > 0) Insert(start, inserted);
        }
    }

    /// <summary>The text in maximal stretches of equal marks, in order: the same on every replica. Made anew by each call, in time that grows with text and marks.</summary>
    public IReadOnlyList<TextSpan> Spans
    {
        get
        {
            if (State is not { } state) return [];
            var text = state.ToString();
            return [.. state.Spans().Select(span => new TextSpan(span.Start, text.Substring(span.Start, span.Length), [.. span.Marks.Select(static mark => new TextMark(mark))]))];
        }
    }

    private RichTextState? State => _field.Find<RichTextState>(CrdtKind.RichText);

    /// <summary>Adds <paramref name="text"/> at the end, with the marks that grow there.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Append(string text) => Insert(Length, text);

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/>, with the marks of that place.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside of the text or inside a surrogate pair.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Insert(int index, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sink = _field.Writable();
        if (text.Length == 0) return;
        _field.Commit(sink, Writing.Insert(sink.Next, index, text));
    }

    /// <summary>Inserts text before <paramref name="index"/> with exactly the marks that it has in <paramref name="spans"/>, one after the other: what was copied elsewhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside of the text or inside a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Insert(int index, IEnumerable<TextSpan> spans)
    {
        ArgumentNullException.ThrowIfNull(spans);
        var sink = _field.Writable();
        var (text, marks) = (new System.Text.StringBuilder(), new List<MarkSpan>());
        foreach (var span in spans)
        {
            marks.Add(new(text.Length, span.Text.Length, [.. span.Marks.Select(static mark => mark.Mark)]));
            text.Append(span.Text);
        }
        if (text.Length > 0) _field.Commit(sink, Writing.Insert(sink.Next, index, text.ToString(), marks));
    }

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Delete(int index, int count)
    {
        var sink = _field.Writable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return;
        _field.Commit(sink, Writing.Delete(sink.Next, index, count));
    }

    /// <summary>Marks a range with a value under a key, in place of what it is marked with there.</summary>
    /// <typeparam name="T">string, bool, an integer, float, double, decimal, Guid, DateTimeOffset, DocumentId or an enum.</typeparam>
    /// <param name="range">The range, in UTF-16 code units. Nothing is written where it is empty.</param>
    /// <param name="key">The key, of 1 to 256 code units: "bold", "link". Marks that may lie over each other, as comments do, take a key each.</param>
    /// <param name="value">The value: true, an address. Not null.</param>
    /// <param name="expansion">Whether text that is inserted at the range's border later is marked too.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Mark<T>(Range range, string key, T value, MarkExpansion expansion = MarkExpansion.After)
    {
        ArgumentNullException.ThrowIfNull(value);
        var sink = _field.Writable();
        var (index, count) = range.GetOffsetAndLength(Length);
        if (count > 0) _field.Commit(sink, Writing.Mark(sink.Next, index, count, key, ValueCodec<T>.Encode(value), expansion));
    }

    /// <summary>Takes the mark under a key from a range; outside of it, it stays. Text that is inserted at the range's border later is marked where the mark would grow.</summary>
    /// <param name="range">The range, in UTF-16 code units. Nothing is written where it is empty.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Unmark(Range range, string key)
    {
        var sink = _field.Writable();
        var (index, count) = range.GetOffsetAndLength(Length);
        if (count > 0) _field.Commit(sink, Writing.Unmark(sink.Next, index, count, key, Writing.ExpansionOf(index, count, key)));
    }

    /// <summary>The text without its marks.</summary>
    public override string ToString() => Value;

    private RichTextState Writing => _field.FindOrNew<RichTextState>(CrdtKind.RichText);
}
