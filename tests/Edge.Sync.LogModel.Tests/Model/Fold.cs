namespace Edge.Sync.LogModel.Model;

/// <summary>A snapshot in the place of the stable prefix, and what is kept of that prefix besides.</summary>
/// <param name="Changes">The prefix. A real fold keeps the last counter and id of each branch of it.</param>
/// <param name="Document">Its canonical state.</param>
/// <param name="Edits">Its edits with effect: the model's knowledge.</param>
/// <param name="Voids">Its void changes.</param>
internal sealed record Fold(ChangeSet Changes, Document Document, ChangeSet Edits, ChangeSet Voids)
{
    public static Fold Of(Document empty) => new(ChangeSet.Empty, empty, ChangeSet.Empty, ChangeSet.Empty);
}
