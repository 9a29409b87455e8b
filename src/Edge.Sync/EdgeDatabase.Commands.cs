using Edge.Sync.Documents;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>Executes a command: its rules are tested against what is stored at that moment, and what it writes is one change, or nothing.</summary>
    /// <param name="command">Executed exactly once, on the writer, in commit order.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the command has begun, it goes on.</param>
    /// <returns>Whether it was accepted, and which rules were unmet. What the command throws passes as it is; then nothing is written.</returns>
    /// <exception cref="EdgeStorageException">The change could not be stored; nothing of it was.</exception>
    public Task<CommandResult> ExecuteAsync(IEdgeCommand command, CancellationToken cancellationToken = default) => ExecuteAsync(command, new(), cancellationToken);

    /// <inheritdoc cref="ExecuteAsync(IEdgeCommand, CancellationToken)"/>
    /// <param name="command">Executed exactly once, on the writer, in commit order.</param>
    /// <param name="options">How the change is written: who, why, and whether it can be undone.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the command has begun, it goes on.</param>
    public async Task<CommandResult> ExecuteAsync(IEdgeCommand command, EditOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(options);
        var unmet = new UnmetRulesException();
        try { return new(await WriteAsync(default, draft => Execute(command, draft, unmet), schema: null, options, cancellationToken).ConfigureAwait(false)); }
        catch (UnmetRulesException e) when (e == unmet) { return new(unmet.Errors); }
    }

    private void Execute(IEdgeCommand command, ChangeDraft draft, UnmetRulesException unmet)
    {
        var context = new CommandContext(draft, NewId);
        command.Execute(context);
        if (context.Errors.Count == 0) return;
        unmet.Errors = [.. context.Errors];
        throw unmet;
    }

    /// <summary>Takes the way of every callback that throws, so that nothing is written; seen by nobody but its own command.</summary>
    private sealed class UnmetRulesException : Exception
    {
        public IReadOnlyList<string> Errors { get; set; } = [];
    }
}
