using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Places that stay where they are while the text is edited.</summary>
internal sealed partial class TextState
{
    /// <summary>The place before the code unit <paramref name="index"/>, as one beside the character behind which or before which it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside of the text or inside a surrogate pair.</exception>
    public Anchor AnchorAt(int index, bool isBehind)
    {
        CheckBoundary(index, nameof(index));
        Build();
        if (isBehind ? index == 0 : index == Length) return new(default, isBehind);
        var handle = _order.Find(isBehind ? index - 1 : index, out var offset);
        return new(_dots.DotOf(_runs[handle].First + offset), isBehind);
    }

    /// <summary>The index of a place, where it was if its character is deleted; -1 where the text does not hold the character. Never inside a surrogate pair.</summary>
    public int IndexOf(Anchor anchor)
    {
        if (anchor.Dot.Counter == 0) return anchor.IsBehind ? 0 : Length;
        Build();
        var ordinal = _dots.OrdinalOf(anchor.Dot);
        if (ordinal < 0) return -1;
        var handle = _runs.Find(ordinal);
        var index = _order.StartOf(handle);
        if (!_runs[handle].IsDeleted) index += ordinal - _runs[handle].First + (anchor.IsBehind ? 1 : 0);
        // A place between two halves was made by nobody here.
        return index > 0 && index < Length && char.IsLowSurrogate(_text[index]) ? index + 1 : index;
    }
}
