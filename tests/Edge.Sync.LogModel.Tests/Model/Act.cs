namespace Edge.Sync.LogModel.Model;

/// <summary>What can happen in a fleet; the kinds of <see cref="Step"/>.</summary>
internal enum Act : byte
{
    /// <summary>An edit, one of those that the scenario offers.</summary>
    Commit,
    /// <summary>The actor sends all that the other lacks. A message that is lost is one that was not sent, but for the disk sync before it.</summary>
    Send,
    /// <summary>A disk sync without a message that arrives.</summary>
    Sync,
    /// <summary>A power cut: what was not synced is gone.</summary>
    Crash,
    /// <summary>A change with the record that accepts all that it follows, which is all that is held: the promise that folding rests on.</summary>
    Acknowledge,
    /// <summary>A message that says what is held: how acknowledgements were first meant.</summary>
    Say,
    Fold,
    /// <summary>A record that puts another out: what of its feeds the record does not follow is void.</summary>
    Expel,
    /// <summary>The actor takes the other's lease for ended, by its own clock.</summary>
    Expire,
    /// <summary>A record that makes a change of the other void, the newest edit that is held.</summary>
    Reject,
    /// <summary>A record that makes the actor's newest rejection void.</summary>
    TakeBack,
    /// <summary>A record that erases the second document.</summary>
    Purge,
    /// <summary>The actor's file is copied to the fourth machine, and goes on there.</summary>
    Copy,
    Backup,
    Restore,
    /// <summary>A record that caps the other's clock.</summary>
    CapClock,
}
