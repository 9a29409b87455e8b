namespace Edge.Sync.Crdts.Sequences;

/// <summary>The ordinals of the first halves of all surrogate pairs, deleted ones too: nothing may ever come between two halves.</summary>
internal sealed class SurrogatePairs
{
    private readonly List<int> _high = [];

    public int Count => _high.Count;

    public int this[int index] => _high[index];

    public bool IsHigh(int ordinal) => _high.Count > 0 && _high.BinarySearch(ordinal) >= 0;

    /// <summary>Notes the pairs of <paramref name="text"/>, whose characters have the ordinals from <paramref name="first"/> on.</summary>
    public void Append(int first, ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDBFF'); i < text.Length; i++)
        {
            if (i < 0) return;
            if (char.IsHighSurrogate(text[i])) _high.Add(first + i);
        }
    }

    public void Append(int high) => _high.Add(high);

    /// <summary>Notes the pairs among <paramref name="length"/> characters for another text, in which the first has the ordinal <paramref name="ordinal"/>.</summary>
    public void CopyTo(SurrogatePairs other, int first, int length, int ordinal)
    {
        if (_high.Count == 0) return;
        var index = _high.BinarySearch(first);
        for (index = index < 0 ? ~index : index; index < _high.Count && _high[index] < first + length; index++) other.Append(_high[index] - first + ordinal);
    }
}
