using System.ComponentModel;
using System.Text;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>Text that several people edit at once; every keystroke merges.</summary>
/// <remarks>
/// Indexes count UTF-16 code units, as everywhere in .NET. On concurrent edits: Alice and Bob both append a sentence offline; both sentences
/// are there, one whole after the other, in the same order on every replica. An index inside a surrogate pair is refused;
/// <see cref="EnumerateRunes"/> gives whole characters. A <see cref="StablePosition"/> survives edits, an index does not.
/// </remarks>
public sealed class ReplicatedText : INotifyPropertyChanged, ILiveContainer
{
    private readonly Field _field;
    private PropertyChangedEventHandler? _changed;

    internal ReplicatedText(Field field) => _field = field;

    /// <summary>Raised while the document is live, after a change of the text.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Value);

    /// <summary>The length in UTF-16 code units.</summary>
    public int Length => _field.TryFindCell(out var cell) ? cell.Text.Length : _field.Shown is string shown ? shown.Length : State?.Length ?? 0;

    /// <summary>The whole text. Setting it writes the smallest difference: what both ends have in common stays as it is.</summary>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended.</exception>
    public string Value
    {
        get => _field.TryFindCell(out var cell) ? cell.Text : _field.Shown as string ?? State?.ToString() ?? "";
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (_field.IsLive)
            {
                Queue(Value, value);
                return;
            }
            var (start, deleted, inserted) = Difference(Value, value);
            if (deleted > 0) Delete(start, deleted);
            if (inserted.Length > 0) Insert(start, inserted);
        }
    }

    private TextState? State => _field.Find<TextState>(CrdtKind.Text);

    /// <summary>Adds <paramref name="text"/> at the end.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Append(string text) => Insert(Length, text);

    /// <summary>Inserts <paramref name="text"/> before <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside of the text or inside a surrogate pair.</exception>
    /// <exception cref="ArgumentException"><paramref name="text"/> holds half a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Insert(int index, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sink = _field.Writable();
        if (text.Length == 0) return;
        _field.Commit(sink, _field.FindOrNew<TextState>(CrdtKind.Text).Insert(sink.Next, index, text));
    }

    /// <summary>Deletes <paramref name="count"/> code units from <paramref name="index"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the text, or cuts a surrogate pair.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Delete(int index, int count)
    {
        var sink = _field.Writable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return;
        _field.Commit(sink, _field.FindOrNew<TextState>(CrdtKind.Text).Delete(sink.Next, index, count));
    }

    /// <summary>The place before the code unit at <paramref name="index"/>, as one that survives edits, here and elsewhere.</summary>
    /// <param name="index">0 to <see cref="Length"/>.</param>
    /// <param name="bias">To which side it holds when text is inserted there.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside of the text or inside a surrogate pair.</exception>
    public StablePosition GetPosition(int index, PositionBias bias = PositionBias.Left) =>
        new((State ?? new TextState()).AnchorAt(index, bias == PositionBias.Left));

    /// <summary>The index at which <paramref name="position"/> is now. Where the character that it holds to was deleted, that is where the character was.</summary>
    /// <returns>0 to <see cref="Length"/>; null where the text does not hold that character: it has not arrived yet, or is another text's.</returns>
    public int? IndexOf(StablePosition position) => (State ?? new TextState()).IndexOf(position.Anchor) is >= 0 and var index ? index : null;

    /// <summary>The characters of the text, surrogate pairs whole.</summary>
    public StringRuneEnumerator EnumerateRunes() => Value.EnumerateRunes();

    /// <inheritdoc/>
    public override string ToString() => Value;

    // What others have written meanwhile stays.
    private void Queue(string seen, string mine)
    {
        if (seen == mine) return;
        _field.Queue(inDraft =>
        {
            var text = new ReplicatedText(inDraft);
            text.Value = TextMerge.Merge(seen, mine, text.Value);
        }, mine);
    }

    internal static (int Start, int Deleted, string Inserted) Difference(string before, string after)
    {
        var start = before.AsSpan().CommonPrefixLength(after);
        if (start > 0 && char.IsHighSurrogate(before[start - 1])) start--;
        var limit = Math.Min(before.Length, after.Length) - start;
        var end = 0;
        while (end < limit && before[^(end + 1)] == after[^(end + 1)]) end++;
        if (end > 0 && char.IsLowSurrogate(before[^end])) end--;
        return (start, before.Length - start - end, after[start..(after.Length - end)]);
    }
}
