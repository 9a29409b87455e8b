namespace Edge.Sync.LogModel.Model;

/// <summary>Who belongs to the database from its first record on.</summary>
/// <param name="Members">Feeds whose acknowledgement a fold waits for.</param>
/// <param name="Authorities">Those that may put others out and make changes void, the most senior first.</param>
internal sealed record Membership(ChangeSet Members, IReadOnlyList<int> Authorities)
{
    /// <summary>0 is the most senior; who has no authority comes after all who have.</summary>
    public int SeniorityOf(int feed)
    {
        for (var i = 0; i < Authorities.Count; i++)
            if (Authorities[i] == feed) return i;
        return int.MaxValue;
    }
}
