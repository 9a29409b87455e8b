using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>The place of one CRDT in a document: all that a property type holds. It finds the state anew each time, since a write may replace it.</summary>
internal readonly struct Field(IFieldOwner? owner, int slot) : IEquatable<Field>
{
    private readonly IFieldOwner? _owner = owner;
    private readonly int _slot = slot;

    /// <summary>The replica that reads and writes here; all zeros where it is not known.</summary>
    public ReplicaId Self => _owner?.Self ?? default;

    public TState? Find<TState>(CrdtKind kind) where TState : DotState => _owner?.Find(_slot, kind) as TState;

    /// <summary>What a mutator makes its delta from. A field without a state gets one from <see cref="Commit"/> only: the mutator may still throw.</summary>
    public TState FindOrNew<TState>(CrdtKind kind) where TState : DotState => Find<TState>(kind) ?? (TState)CrdtState.Create(kind);

    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended; or there is no document.</exception>
    public IDeltaSink Writable() => _owner is null ? throw new InvalidOperationException("This value belongs to no document.") : _owner.Writable(_slot);

    public void Commit(IDeltaSink sink, Delta delta) => _owner!.Commit(sink, _slot, delta);

    /// <summary>The field's column, where the document was read from its read model alone.</summary>
    public bool TryFindCell(out ColumnCell cell)
    {
        if (_owner is not null) return _owner.TryFindCell(_slot, out cell);
        cell = default;
        return false;
    }

    /// <summary>Whether setters queue edits.</summary>
    public bool IsLive => _owner is { IsLive: true };

    public ILiveEdits? Edits => _owner?.Edits;

    /// <summary>What a setter has given a live field, until the stored document has it; else null.</summary>
    public object? Shown => _owner?.FindShown(_slot);

    /// <summary>Queues an edit of a live field. <paramref name="shown"/> is what it shows meanwhile; null for what is stored.</summary>
    public long Queue(Action<Field> edit, object? shown) => _owner!.Queue(_slot, edit, shown);

    public void Adopt(FieldStore nested) => _owner?.Adopt(nested);

    public bool Equals(Field other) => ReferenceEquals(_owner, other._owner) && _slot == other._slot;

    public override bool Equals(object? obj) => obj is Field other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_owner, _slot);
}
