namespace Edge.Sync.Crdts.Sequences;

/// <summary>The delta of an edit that was made and joined at once, without an object. Valid until the text is edited again.</summary>
internal readonly ref struct TextEdit
{
    private readonly TextState _state;
    private readonly int _parent;
    private readonly bool _isLeftChild;
    private readonly ReadOnlySpan<char> _text;

    /// <summary>The ordinals that were deleted: first and end of each piece, in the order of the text.</summary>
    private readonly ReadOnlySpan<int> _deleted;

    public TextEdit(TextState state, in Dot first, int parent, bool isLeftChild, ReadOnlySpan<char> text)
    {
        (_state, First, _parent, _isLeftChild) = (state, first, parent, isLeftChild);
        _text = text;
    }

    public TextEdit(TextState state, in Dot first, ReadOnlySpan<int> deleted)
    {
        (_state, First) = (state, first);
        _deleted = deleted;
    }

    /// <summary>The first dot of the edit; without meaning for a deletion.</summary>
    public Dot First { get; }

    public int DotCount => _text.Length;

    /// <summary>Writes the same bytes as <see cref="TextDelta.Write"/>.</summary>
    public void Write(ref WireWriter writer)
    {
        if (_text.Length > 0) TextDelta.WriteInsertion(ref writer, First, _state.DotAt(_parent), _isLeftChild, _text);
        else TextDelta.WriteDeletion(ref writer, _state.RangesOf(_deleted));
    }

    public TextDelta ToDelta() => _text.Length > 0
        ? TextDelta.Insertion(First, _state.DotAt(_parent), _isLeftChild, _text.ToString())
        : TextDelta.Deletion(First, _state.RangesOf(_deleted).ToArray());
}
