namespace Edge.Sync;

/// <summary>Something in a file that is not as it must be.</summary>
public sealed class VerificationFault
{
    internal VerificationFault(VerificationSubject subject, string message) => (Subject, Message) = (subject, message);

    /// <summary>What the fault is in.</summary>
    public VerificationSubject Subject { get; }

    /// <summary>What is wrong, with the place.</summary>
    public string Message { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Subject}: {Message}";
}
