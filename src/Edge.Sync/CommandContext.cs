using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>What a command reads and writes: one change. Lives inside <see cref="IEdgeCommand.Execute"/> only.</summary>
public sealed class CommandContext : ChangeBuilder
{
    private readonly ChangeDraft _draft;
    private readonly List<string> _errors = [];

    internal CommandContext(ChangeDraft draft, Func<DocumentId> newId) : base(draft, newId) => _draft = draft;

    /// <summary>The rules that were unmet so far, in the order in which they were tested.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The document with its current values, to read and to edit. Reading makes no document: one that is not there reads as empty, and starts to be there with the first write.</summary>
    public override T Document<T>(DocumentId id)
    {
        _draft.Open(new DocumentKey(T.Schema.Collection, id)).Abandon();
        return base.Document<T>(id);
    }

    /// <summary>Whether a document is there: written, and not deleted. One that this command itself is about to make is not there yet.</summary>
    public bool Exists<T>(DocumentId id) where T : class, IEdgeDocument<T>
    {
        var draft = _draft.Open(new DocumentKey(T.Schema.Collection, id));
        draft.Abandon();
        return draft.State.Existence.Exists;
    }

    /// <summary>Tests a rule. The command goes on either way, so that the user is told of every rule that is unmet; one is enough to write nothing.</summary>
    /// <param name="rule">Whether it is met.</param>
    /// <param name="error">What to tell the user where it is not.</param>
    /// <returns><paramref name="rule"/>, for rules that make sense only where another one is met.</returns>
    public bool Require(bool rule, string error)
    {
        ArgumentException.ThrowIfNullOrEmpty(error);
        if (!rule) _errors.Add(error);
        return rule;
    }
}
