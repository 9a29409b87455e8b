namespace Edge.Sync;

/// <summary>What happens when a document is deleted by one and edited by another who had not heard of it.</summary>
public enum DeletePolicy
{
    /// <summary>The document is there, with the edit; that it was deleted is told by <see cref="EdgeDatabase.Conflicts"/>. The default.</summary>
    EditWins = 0,

    /// <summary>The document is gone, and the edit with it; that it was edited is told by <see cref="EdgeDatabase.Conflicts"/>.</summary>
    DeleteWins = 1,
}
