namespace Edge.Sync;

/// <summary>How far a change has come, as far as this replica knows. Ascending, but for <see cref="Rejected"/>.</summary>
public enum ReceiptStage
{
    /// <summary>The edit wrote nothing, so there is no change.</summary>
    None,

    /// <summary>It is committed here, and on no other device as far as has been heard since the database was opened. It may have been sent.</summary>
    Local,

    /// <summary>A peer has said that it survives a power cut there; or it came from elsewhere, where its author has it.</summary>
    Durable,

    /// <summary>A device other than its author's has said that it accepts it (<see cref="EdgeDatabase.AcceptAsync"/>), and cannot reject it any more. In an open database others still may.</summary>
    Accepted,

    /// <summary>It was rejected, and has no effect: <see cref="EdgeDatabase.FindRejectionAsync"/> says why. Taking the rejection back makes it count again.</summary>
    Rejected,
}
