using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>Between places in the visible text and ordinals: what a history refers by.</summary>
internal sealed partial class TextState
{
    /// <summary>The ordinal that the next character gets: characters are numbered from 1 on, in the order in which they were joined.</summary>
    internal int OrdinalEnd => _runs.OrdinalEnd;

    /// <summary>The ordinal of a visible character; 0, the root's, for index -1.</summary>
    internal int OrdinalAt(int index)
    {
        if (index < 0) return 0;
        Build();
        var handle = _order.Find(index, out var offset);
        return _runs[handle].First + offset;
    }

    /// <summary>The ordinal of <paramref name="dot"/>; -1 where it is no character of this text.</summary>
    internal int OrdinalOf(in Dot dot) => _dots.OrdinalOf(dot);

    /// <summary>How many visible characters there are up to an ordinal, which is counted too.</summary>
    internal int CountThrough(int ordinal)
    {
        var handle = _runs.Find(ordinal);
        return _order.StartOf(handle) + (_runs[handle].IsDeleted ? 0 : ordinal - _runs[handle].First + 1);
    }

    /// <summary>A string for inserted characters; most are one keystroke, and these share theirs.</summary>
    internal static string ToText(ReadOnlySpan<char> text) => text.Length == 1 ? OneCharacter(text[0]) : text.ToString();

    internal bool IsVisible(int ordinal) => !_runs[_runs.Find(ordinal)].IsDeleted;

    /// <summary>Whether an edit may begin or end at <paramref name="index"/>: it is in the text, and not inside a surrogate pair.</summary>
    internal bool IsBoundary(long index) =>
        index >= 0 && index <= Length && (_pairs.Count == 0 || index == 0 || index == Length || !char.IsLowSurrogate(_text[(int)index]));

    /// <summary>Where the characters of some ranges stand, if all are visible, and how many they are.</summary>
    internal bool TryLocate(ReadOnlySpan<DotRange> ranges, out int first, out int count)
    {
        (first, count) = (int.MaxValue, 0);
        foreach (var range in ranges)
        {
            var ordinal = _dots.OrdinalOf(range.First);
            if (ordinal < 0 || _dots.OrdinalOf(range.First.Plus(range.Extent)) < 0) return false;
            while (true)
            {
                var handle = _runs.Find(ordinal);
                if (_runs[handle].IsDeleted) return false;
                var taken = Math.Min(_dots.LengthUpTo(ordinal, range.LastCounter), _runs[handle].End - ordinal);
                first = Math.Min(first, _order.StartOf(handle) + ordinal - _runs[handle].First);
                count += taken;
                if (_dots.DotOf(ordinal + taken - 1).Counter == range.LastCounter) break;
                ordinal = _dots.Following(ordinal + taken - 1);
            }
        }
        return true;
    }
}
