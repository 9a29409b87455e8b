namespace Edge.Sync.Log.Records;

/// <summary>What a member may do to the log of a database with members.</summary>
internal enum MemberRole
{
    /// <summary>Write and acknowledge.</summary>
    Member = 0,

    /// <summary>Reject, put out, cap clocks and take members in, besides.</summary>
    Judge = 1,
}
