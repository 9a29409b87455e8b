using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>
/// The values behind a document's properties, in one of three states: <em>detached</em> (made with <c>new</c>), <em>draft</em> (inside an edit
/// callback, dead after it) or <em>snapshot</em> (immutable, safe on any thread). For generated code only.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FieldStore
{
    private readonly DocumentState _state;
    private readonly object?[] _containers;
    private IDeltaSink? _sink;
    private readonly string _why;

    private FieldStore(DocumentSchema schema, DocumentState state, IDeltaSink? sink, string why)
    {
        (Schema, _state, _sink, _why) = (schema, state, sink, why);
        _containers = new object?[schema.Fields.Count];
    }

    /// <summary>A store that belongs to no database yet: what <c>new</c> makes.</summary>
    public static FieldStore Detached(DocumentSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var state = new DocumentState(default, schema.Collection);
        return new(schema, state, new DetachedSink(), "");
    }

    internal static FieldStore Snapshot(DocumentSchema schema, DocumentState state) =>
        new(schema, state, null, "It is a snapshot, which never changes");

    internal static FieldStore Draft(DocumentSchema schema, DocumentState state, IDeltaSink sink) =>
        new(schema, state, sink, "The edit callback that it belonged to has ended");

    /// <summary>The document's id; all zeros while detached.</summary>
    public DocumentId Id => _state.Id;

    internal bool IsDetached => _sink is DetachedSink;

    internal DocumentSchema Schema { get; }

    internal DocumentState State => _state;

    /// <summary>The value of a register, or <paramref name="defaultValue"/> where none has arrived.</summary>
    public T Get<T>(int slot, T defaultValue) =>
        Field<RegisterState>(slot) is { } register && register.TryGetWinner(out var bytes) && ValueCodec<T>.TryDecode(bytes, out var value) && value is not null
            ? value : defaultValue;

    /// <summary>Writes a register.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Set<T>(int slot, T value)
    {
        var sink = Writable();
        Commit(sink, slot, FieldForWriting<RegisterState>(slot).Set(sink.Next, ValueCodec<T>.Encode(value)));
    }

    /// <summary>The value of a register that may be null; null where none has arrived.</summary>
    public T? GetNullable<T>(int slot) where T : struct =>
        Field<RegisterState>(slot) is { } register && register.TryGetWinner(out var bytes) && !IsNil(bytes) && ValueCodec<T>.TryDecode(bytes, out var value)
            ? value : null;

    /// <summary>Writes a register that may be null.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void SetNullable<T>(int slot, T? value) where T : struct
    {
        var sink = Writable();
        var bytes = value is { } present ? ValueCodec<T>.Encode(present) : ValueCodec<string>.Encode(null);
        Commit(sink, slot, FieldForWriting<RegisterState>(slot).Set(sink.Next, bytes));
    }

    /// <summary>The counter in <paramref name="slot"/>.</summary>
    public Counter GetCounter(int slot) => new(this, slot);

    /// <summary>The set in <paramref name="slot"/>, made when first asked for.</summary>
    public ReplicatedSet<T> GetSet<T>(int slot) => (ReplicatedSet<T>)(_containers[slot] ??= new ReplicatedSet<T>(this, slot));

    /// <summary>The text in <paramref name="slot"/>, made when first asked for.</summary>
    public ReplicatedText GetText(int slot) => (ReplicatedText)(_containers[slot] ??= new ReplicatedText(this, slot));

    internal TState? Field<TState>(int slot) where TState : CrdtState => _state.Find(Schema.Fields[slot].Id, Schema.Fields[slot].Kind) as TState;

    /// <summary>What a mutator makes its delta from. A field without a state gets one from <see cref="Commit"/> only: the mutator may still throw.</summary>
    internal TState FieldForWriting<TState>(int slot) where TState : CrdtState => Field<TState>(slot) ?? (TState)CrdtState.Create(Schema.Fields[slot].Kind);

    internal IDeltaSink Writable() => _sink ?? throw new InvalidOperationException(
        $"This document of collection '{Schema.Collection}' cannot be changed. {_why}. Change it inside db.Documents<T>().EditAsync(id, edit).");

    /// <summary>Joins a delta that a mutator has just made, by the same code as one from a peer, and records it.</summary>
    internal void Commit(IDeltaSink sink, int slot, Delta delta)
    {
        var field = Schema.Fields[slot];
        _state.GetOrAdd(field.Id, field.Kind).Join(delta, sink.Stamp);
        sink.Record(field.Id, delta);
    }

    /// <summary>Ends a draft: from here on it reads, but no longer writes.</summary>
    internal void Close() => _sink = null;

    private static bool IsNil(ValueBytes bytes) => bytes.Span is [MessagePack.MessagePackCode.Nil];
}
