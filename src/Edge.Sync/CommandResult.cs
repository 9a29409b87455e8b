namespace Edge.Sync;

/// <summary>What became of a command. An unmet rule is data, not an exception.</summary>
public sealed class CommandResult
{
    internal CommandResult(Receipt receipt) => Receipt = receipt;

    internal CommandResult(IReadOnlyList<string> errors) => Errors = errors;

    /// <summary>Whether every rule was met, so that what the command wrote is committed here.</summary>
    public bool Accepted => Receipt is not null;

    /// <summary>What was told of every rule that was unmet, in the order in which they were tested; none where it was accepted.</summary>
    public IReadOnlyList<string> Errors { get; } = [];

    /// <summary>The change; null where the command was not accepted.</summary>
    public Receipt? Receipt { get; }
}
