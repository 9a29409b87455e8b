namespace Edge.Sync.LogModel.Model;

internal enum OperationKind : byte
{
    None,
    /// <summary>Counter: adds what stands for the edit, so that a sum shows what counted, and how often.</summary>
    Add,
    /// <summary>Text: a character after <see cref="Operation.Target"/>, -1 for the beginning.</summary>
    Insert,
    /// <summary>Text: the character <see cref="Operation.Target"/> goes.</summary>
    Delete,
    /// <summary>Register: a value in the place of <see cref="Operation.Removes"/>.</summary>
    Write,
    /// <summary>Set: element <see cref="Operation.Value"/>.</summary>
    Put,
    /// <summary>Set: the dots <see cref="Operation.Removes"/> go.</summary>
    Remove,
    /// <summary>Tree: node <see cref="Operation.Value"/> under <see cref="Operation.Target"/>, both plain numbers.</summary>
    Move,
}

/// <summary>What an edit does to a document.</summary>
internal sealed record Operation(OperationKind Kind, int Target, int Value, ChangeSet Removes)
{
    /// <summary>Which of two documents, where a world has two.</summary>
    public int Document { get; init; }

    public static Operation None { get; } = new(OperationKind.None, -1, 0, ChangeSet.Empty);
}
