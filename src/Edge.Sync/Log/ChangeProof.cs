namespace Edge.Sync;

/// <summary>What stands for a change in the log.</summary>
public enum ChangeProof
{
    /// <summary>Its bytes are those of its id; its author's device has not sealed it yet, as it does before a change leaves it.</summary>
    Unsealed,

    /// <summary>Its bytes are those of its id, and its author's device has signed them with all that the change follows.</summary>
    Sealed,

    /// <summary>Its bytes or its seal are not those of its author: the file was damaged or tampered with. <see cref="EdgeDatabase.VerifyAsync(IProgress{long}, CancellationToken)"/> says more.</summary>
    Broken,
}
