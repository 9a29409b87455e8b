namespace Edge.Sync;

/// <summary>Something that a user or another program asks for: it becomes one change, or none. Its data are its own properties.</summary>
/// <remarks>Keep it a record: what is asked for can then be logged, compared and tested as a value.</remarks>
public interface IEdgeCommand
{
    /// <summary>Tests the rules against what is stored now, and writes. Runs exactly once, on the writer, in commit order, so nothing changes between a test and what it allows.</summary>
    /// <param name="change">What is read and written; valid until this returns. Where one of its rules is unmet, nothing of it is written.</param>
    /// <remarks>Take times and random values when the command is made: the writer is held while this runs. What it throws passes to who executes it, and nothing is written then.</remarks>
    void Execute(CommandContext change);
}
