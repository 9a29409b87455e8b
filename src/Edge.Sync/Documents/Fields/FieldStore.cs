using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>
/// The values behind a document's properties, in one of four states: <em>detached</em> (made with <c>new</c>), <em>draft</em> (inside an edit
/// callback, dead after it), <em>snapshot</em> (immutable, safe on any thread) or <em>live</em> (changes in place, setters queue edits). For generated code only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class FieldStore : IFieldOwner
{
    private const string SnapshotWhy = "It is a snapshot, which never changes";

    /// <summary>What the fields lie in: a document, or, where they are an object's, the map of <see cref="_map"/>.</summary>
    private DocumentState? _state;
    private readonly Field _map;
    private readonly bool _isNested;
    private readonly ColumnCell[]? _cells;
    private readonly LateState? _late;
    private readonly DocumentId _id;
    private object?[]? _containers;
    private readonly ReplicaId _self;
    private readonly string _why;
    private IDeltaSink? _sink;

    /// <summary>The fields that stay on the device; null where the class has none, where they are not known, and while detached.</summary>
    private DocumentState? _local;
    private LocalDraft? _localSink;

    private FieldStore(DocumentSchema schema, DocumentState? state, IDeltaSink? sink, ReplicaId self, string why)
    {
        (Schema, _state, _sink, _self, _why, _id) = (schema, state, sink, self, why, state?.Id ?? default);
    }

    private FieldStore(DocumentSchema schema, DocumentId id, ColumnCell[] cells, LateState? late, ReplicaId self) : this(schema, null, null, self, SnapshotWhy) => (_id, _cells, _late) = (id, cells, late);

    private FieldStore(DocumentSchema schema, Field map) : this(schema, null, null, map.Self, "") => (_map, _isNested) = (map, true);

    /// <summary>A store that belongs to no database yet: what <c>new</c> makes.</summary>
    public static FieldStore Detached(DocumentSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var state = new DocumentState(default, schema.Collection);
        return new(schema, state, new DetachedSink(), default, "");
    }

    internal static FieldStore Snapshot(DocumentSchema schema, DocumentState state, ReplicaId self = default, DocumentState? local = null) =>
        new(schema, state, null, self, SnapshotWhy) { _local = local };

    /// <summary>A snapshot of a row of the read model.</summary>
    /// <param name="schema">The class.</param>
    /// <param name="id">The document.</param>
    /// <param name="cells">What the row has, by slot.</param>
    /// <param name="late">What the row lacks; null where it has all that the properties show.</param>
    /// <param name="self">The replica that reads.</param>
    internal static FieldStore Snapshot(DocumentSchema schema, DocumentId id, ColumnCell[] cells, LateState? late, ReplicaId self) => new(schema, id, cells, late, self);

    internal static FieldStore Draft(DocumentSchema schema, DocumentState state, IDeltaSink sink, LocalDraft? local = null) =>
        new(schema, state, sink, sink.Next.Replica, "The edit callback that it belonged to has ended") { _local = local?.State, _localSink = local };

    /// <summary>The fields of an object that lies in a document: in its state, whatever that is.</summary>
    internal static FieldStore Nested(DocumentSchema schema, Field map) => new(schema, map);

    /// <summary>The document's id; all zeros while detached, and for an object within a document.</summary>
    public DocumentId Id => _id;

    ReplicaId IFieldOwner.Self => _self;

    internal bool IsDetached => _sink is DetachedSink;

    internal DocumentSchema Schema { get; }

    internal DocumentState State => Stored!;

    private DocumentState? Stored => _state ?? _late?.State;

    private DocumentState? Local => _local ?? _late?.Local;

    /// <summary>The value of a register, or <paramref name="defaultValue"/> where none has arrived.</summary>
    public T Get<T>(int slot, T defaultValue) => RegisterValue.Read(new(this, slot), defaultValue);

    /// <summary>Writes a register.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Set<T>(int slot, T value) => RegisterValue.Write(new(this, slot), ValueCodec<T>.Encode(value));

    /// <summary>The value of a register that may be null; null where none has arrived.</summary>
    public T? GetNullable<T>(int slot) where T : struct => RegisterValue.ReadNullable<T>(new(this, slot));

    /// <summary>Writes a register that may be null.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void SetNullable<T>(int slot, T? value) where T : struct =>
        RegisterValue.Write(new(this, slot), value is { } present ? ValueCodec<T>.Encode(present) : ValueCodec<string>.Encode(null));

    /// <summary>What merges by itself in <paramref name="slot"/>, by the schema's <see cref="FieldType{T}"/>; classes are made when first asked for.</summary>
    public T Get<T>(int slot)
    {
        if (_containers?[slot] is T made) return made;
        var attached = ((FieldType<T>)Schema.Types[slot]!).Attach(new(this, slot));
        if (!typeof(T).IsValueType) (_containers ??= new object?[Schema.Fields.Count])[slot] = attached;
        return attached;
    }

    /// <summary>Ends a draft: from here on it reads, but no longer writes.</summary>
    internal void Close() => _sink = null;

    bool IFieldOwner.TryFindCell(int slot, out ColumnCell cell)
    {
        cell = _cells is null ? default : _cells[slot];
        return !cell.IsAbsent;
    }

    CrdtState? IFieldOwner.Find(int slot, CrdtKind kind) =>
        _isNested ? _map.Find<MapState>(CrdtKind.Map)?.Find(Schema.Fields[slot].Key, kind) : Read(IsLocal(slot) ? Local : Stored, Schema.Fields[slot], kind);

    private static CrdtState? Read(DocumentState? state, FieldDefinition field, CrdtKind kind) =>
        field.Lens is { } lens && kind == CrdtKind.Register ? lens.Read(state?.Find(field.Id, kind), state?.Find(lens.OldId, kind)) : state?.Find(field.Id, kind);

    IDeltaSink IFieldOwner.Writable(int slot)
    {
        var sink = Writable();
        return IsLocal(slot) ? _localSink! : sink;
    }

    // What was made with new keeps all its fields in one place, until it is copied into a database.
    private bool IsLocal(int slot) => Schema.Fields[slot].IsLocal && !IsDetached && !_isNested;

    internal IDeltaSink Writable() => _isNested ? _map.Writable() : _sink ?? throw new InvalidOperationException(
        $"This document of collection '{Schema.Collection}' cannot be changed. {_why}. Change it inside db.Documents<T>().EditAsync(id, edit).");

    void IFieldOwner.Commit(IDeltaSink sink, int slot, Delta delta)
    {
        var field = Schema.Fields[slot];
        if (_isNested)
        {
            _map.Commit(sink, MapDelta.Edit(field.Key, delta));
            return;
        }
        if (field.Lens is { } lens && delta is RegisterDelta { IsClearing: false } write)
        {
            // Made of what is shown, which may be the old field's value; each field replaces its own.
            Commit(sink, field.Id, Raw(sink, field.Id).Set(write.First, write.Value));
            if (lens.Down(write.Value) is { } old) Commit(sink, lens.OldId, Raw(sink, lens.OldId).Set(sink.Next, old));
            return;
        }
        Commit(sink, field.Id, delta);
    }

    private RegisterState Raw(IDeltaSink sink, uint fieldId) => (RegisterState)((sink is LocalDraft local ? local.State : _state!).Find(fieldId, CrdtKind.Register) ?? new RegisterState());

    private void Commit(IDeltaSink sink, uint fieldId, Delta delta)
    {
        if (sink is LocalDraft local)
        {
            local.Commit(fieldId, delta);
            return;
        }
        var state = _state!.GetOrAdd(fieldId, delta.Kind);
        sink.Capture(fieldId, state, delta);
        state.Join(delta, sink.Stamp);
        sink.Record(fieldId, delta);
    }
}
