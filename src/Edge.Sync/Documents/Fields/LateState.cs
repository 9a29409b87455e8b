namespace Edge.Sync.Documents;

/// <summary>The state of a snapshot that was read from a row of its read model: its bytes are at hand, and are decoded when something is asked for that the row does not have. Safe for use by several threads at once.</summary>
internal abstract class LateState
{
    private Decoded? _decoded;

    /// <exception cref="EdgeStorageException">The bytes are damaged.</exception>
    public DocumentState State => Value.State;

    /// <summary>The fields that stay on the device; null where the class has none.</summary>
    /// <exception cref="EdgeStorageException">The bytes are damaged.</exception>
    public DocumentState? Local => Value.Local;

    // All threads get one state: a list's is locked by those who read it.
    private Decoded Value => _decoded ?? Interlocked.CompareExchange(ref _decoded, Decode(), null) ?? _decoded;

    protected abstract Decoded Decode();

    /// <param name="State">The document.</param>
    /// <param name="Local">The fields that stay on the device; null where the class has none.</param>
    protected sealed record Decoded(DocumentState State, DocumentState? Local);
}
