using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Places that stay where they are while the list is edited.</summary>
internal sealed partial class ListState
{
    /// <summary>The place before the element at <paramref name="index"/>, as one beside the element behind which or before which it is: it goes with that one when it is moved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public Anchor AnchorAt(int index, bool isBehind)
    {
        CheckIndex(index, Count);
        if (isBehind ? index == 0 : index == Count) return new(default, isBehind);
        return new(ElementAt(isBehind ? index - 1 : index), isBehind);
    }

    /// <summary>The index of a place, where it was if its element is deleted; -1 where the list does not hold the element.</summary>
    public int IndexOf(Anchor anchor)
    {
        if (anchor.Dot.Counter == 0) return anchor.IsBehind ? 0 : Count;
        if (_dots.OrdinalOf(anchor.Dot) is not (> 0 and var home) || _elements.AtHome(home) is not (>= 0 and var number)) return -1;
        var ordinal = _elements.Items[number].Element?.Ordinal ?? home;
        var handle = _runs.Find(ordinal);
        var index = _order.StartOf(handle);
        return _runs[handle].IsDeleted ? index : index + ordinal - _runs[handle].First + (anchor.IsBehind ? 1 : 0);
    }
}
