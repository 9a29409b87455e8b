using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Where characters stand, deleted ones too: for what refers to characters and lies beside the text. Ordinals never leave this replica.</summary>
internal sealed partial class TextState
{
    /// <summary>How many visible characters stand before a side of a character.</summary>
    public int IndexOf(int ordinal, bool isAfter)
    {
        Build();
        var handle = _runs.Find(ordinal);
        return _order.StartOf(handle) + (_runs[handle].IsDeleted ? 0 : ordinal - _runs[handle].First + (isAfter ? 1 : 0));
    }

    /// <summary>The order of two characters in the text, which never changes.</summary>
    public int ComparePlaces(int ordinal, int other)
    {
        if (ordinal == other) return 0;
        Build();
        var (a, b) = (_runs.Find(ordinal), _runs.Find(other));
        return a == b ? ordinal.CompareTo(other) : _order.IsBefore(a, b) ? -1 : 1;
    }

    /// <summary>Whether deleted characters stand right before the place <paramref name="index"/>.</summary>
    public bool HasDeletedAt(int index)
    {
        Build();
        var handle = RunTable.Root;
        if (index > 0)
        {
            handle = _order.Find(index - 1, out var offset);
            if (offset + 1 < _runs[handle].Length) return false;
        }
        var next = _order.Next(handle);
        return next >= 0 && _runs[next].IsDeleted;
    }

    /// <summary>Whether a character and the next are two halves of one.</summary>
    public bool IsHighSurrogate(int ordinal)
    {
        Build();
        return _pairs.IsHigh(ordinal);
    }
}
