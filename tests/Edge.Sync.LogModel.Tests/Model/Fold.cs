namespace Edge.Sync.LogModel.Model;

/// <summary>A snapshot in the place of the stable prefix, and what is kept of that prefix besides.</summary>
/// <param name="Changes">The prefix. A real fold keeps each feed's last counter and id of it.</param>
/// <param name="Document">Its canonical state.</param>
/// <param name="Edits">The acts of users that have effect in it.</param>
/// <param name="Replaced">First changes of which some issue has effect in it.</param>
/// <param name="Voids">Its void changes.</param>
internal sealed record Fold(ChangeSet Changes, Document Document, ChangeSet Edits, ChangeSet Replaced, ChangeSet Voids)
{
    public static Fold Of(Document empty) => new(ChangeSet.Empty, empty, ChangeSet.Empty, ChangeSet.Empty, ChangeSet.Empty);
}
