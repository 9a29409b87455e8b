namespace Edge.Sync.Storage;

/// <summary>A section that is absent here, and that others may have.</summary>
/// <param name="Sequence">Its change, by this replica's order of arrival. Local: it never goes on the wire.</param>
/// <param name="Section">Its number within the change, from 0.</param>
internal readonly record struct Hole(long Sequence, int Section) : IComparable<Hole>
{
    public int CompareTo(Hole other) => Sequence != other.Sequence ? Sequence.CompareTo(other.Sequence) : Section.CompareTo(other.Section);
}
