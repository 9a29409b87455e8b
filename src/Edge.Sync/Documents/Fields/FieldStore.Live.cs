using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The live state: the document changes in place as commits come, and setters queue edits that are shown at once.</summary>
/// <remarks>Used where the live object changes, by one thread at a time; only <see cref="ILiveEdits"/> works elsewhere.</remarks>
public sealed partial class FieldStore
{
    private static readonly PropertyChangedEventArgs s_all = new("");

    // Apart, since a snapshot and a draft, of which there are many, have none of it.
    private LiveFields? _live;

    private FieldStore(DocumentSchema schema, DocumentState state, ReplicaId self, long version, ILiveEdits edits)
        : this(schema, state, null, self, "It is a live document, whose plain properties, registers, texts, counters, flags and sets can be changed in place, and nothing else") =>
        _live = new() { Edits = edits, Version = version };

    /// <summary>A document that changes in place.</summary>
    internal static FieldStore Live(DocumentSchema schema, FieldStore snapshot, long version, ILiveEdits edits) => new(schema, snapshot.State, snapshot._self, version, edits) { _local = snapshot.Local };

    bool IFieldOwner.IsLive => _live?.Edits is not null || (_isNested && _map.IsLive);

    /// <summary>For generated code only.</summary>
    public void AddPropertyChanged(object sender, PropertyChangedEventHandler? handler)
    {
        // Snapshots, drafts and detached documents have nothing to tell.
        if (handler is null || !((IFieldOwner)this).IsLive) return;
        var live = _live ??= new();
        live.Sender = sender;
        live.PropertyChanged += handler;
        if (_isNested) _map.Adopt(this);
    }

    /// <summary>For generated code only.</summary>
    public void RemovePropertyChanged(PropertyChangedEventHandler? handler)
    {
        if (_live is { } live) live.PropertyChanged -= handler;
    }

    object? IFieldOwner.FindShown(int slot) => _live?.Shown is { } all && all.TryGetValue(slot, out var shown) ? shown.Value : null;

    long IFieldOwner.Queue(int slot, Action<Field> edit, object? shown)
    {
        var ticket = _isNested ? _map.Queue(map => edit(new(Nested(Schema, map), slot)), null) : _live!.Edits!.Queue(this, document => edit(new(document, slot)));
        if (shown is null) return ticket;
        if (_isNested) _map.Adopt(this);
        ((_live ??= new()).Shown ??= [])[slot] = new(shown, ticket, long.MaxValue);
        Raise(slot);
        return ticket;
    }

    void IFieldOwner.Adopt(FieldStore nested)
    {
        if (_isNested) _map.Adopt(nested);
        else
        {
            var all = (_live ??= new()).Nested ??= [];
            if (!all.Contains(nested)) all.Add(nested);
        }
    }

    /// <summary>Shows what a newer snapshot has. Raises what has changed.</summary>
    internal void Refresh(FieldStore snapshot, long version)
    {
        var (before, localBefore, live) = (_state!, _local, _live!);
        (_state, _local, live.Version) = (snapshot.State, snapshot.Local, version);
        var maps = false;
        for (var slot = 0; slot < Schema.Fields.Count; slot++)
        {
            var field = Schema.Fields[slot];
            var (old, now) = IsLocal(slot) ? (localBefore, _local) : (before, _state);
            var isNew = !FieldComparison.AreSame(Read(old, field, field.Kind), Read(now, field, field.Kind))
                || (field.Shape.Companion is { } companion && !FieldComparison.AreSame(old?.Find(field.Id, companion), now?.Find(field.Id, companion)));
            maps |= isNew && (field.Kind == CrdtKind.Map || field.Shape.Companion is not null);
            var hides = live.Shown is { } all && all.TryGetValue(slot, out var shown) && shown.Until > version;
            if (isNew && !hides && !IsShown(slot)) Raise(slot);
        }
        DropShown(shown => shown.Until <= version);
        foreach (var nested in live.Nested ?? [])
        {
            nested.DropShown(shown => shown.Until <= version);
            if (maps) nested.RaiseAll();
        }
    }

    /// <summary>Tells that an edit is done: as of <paramref name="version"/> the stored document has it; null where it failed.</summary>
    internal void Settle(long ticket, long? version)
    {
        Settle(this, ticket, version);
        foreach (var nested in _live?.Nested ?? []) Settle(nested, ticket, version);
    }

    private void Settle(FieldStore store, long ticket, long? version)
    {
        if (store._live?.Shown is not { } all) return;
        foreach (var (slot, shown) in all.ToArray())
        {
            if (shown.Ticket > ticket || shown.Until != long.MaxValue) continue;
            if (version > _live!.Version)
            {
                all[slot] = shown with { Until = version.Value };
                continue;
            }
            all.Remove(slot);
            if (store._isNested || !store.IsStored(slot, shown.Value)) store.Raise(slot);
        }
    }

    private void DropShown(Func<Shown, bool> condition)
    {
        if (_live?.Shown is not { } all) return;
        foreach (var (slot, shown) in all.ToArray())
            if (condition(shown)) all.Remove(slot);
    }

    private bool IsShown(int slot) => _live?.Shown is { } all && all.TryGetValue(slot, out var shown) && IsStored(slot, shown.Value);

    private bool IsStored(int slot, object shown) => (((IFieldOwner)this).Find(slot, Schema.Fields[slot].Kind), shown) switch
    {
        (RegisterState register, ValueBytes value) => register.TryGetWinner(out var winner) && winner.Equals(value),
        (TextState text, string value) => text.Length == value.Length && text.ToString() == value,
        (FlagState flag, bool value) => flag.IsEnabled == value,
        _ => false,
    };

    private void Raise(int slot)
    {
        Report(Handlers.Call(_live?.PropertyChanged, _live?.Sender ?? this, new(Schema.Fields[slot].Property)));
        if (_containers?[slot] is ILiveContainer container) Report(container.RaiseChanged());
    }

    private void RaiseAll()
    {
        Report(Handlers.Call(_live?.PropertyChanged, _live?.Sender ?? this, s_all));
        foreach (var container in _containers ?? [])
            if (container is ILiveContainer live) Report(live.RaiseChanged());
    }

    private void Report(Exception? exception)
    {
        if (exception is not null) (_live?.Edits ?? _map.Edits)?.OnHandlerFailed(exception);
    }

    ILiveEdits? IFieldOwner.Edits => _live?.Edits ?? (_isNested ? _map.Edits : null);

    /// <summary>What only a live document has, or an object in one.</summary>
    private sealed class LiveFields
    {
        /// <summary>Of the document; null for an object in one.</summary>
        public ILiveEdits? Edits { get; init; }

        public long Version { get; set; }

        public Dictionary<int, Shown>? Shown { get; set; }

        public List<FieldStore>? Nested { get; set; }

        public object? Sender { get; set; }

        public PropertyChangedEventHandler? PropertyChanged { get; set; }
    }

    /// <summary>What a setter has written, until the stored document has it.</summary>
    /// <param name="Value">The bytes of a value, or a text, or a flag's state.</param>
    /// <param name="Ticket">The edit.</param>
    /// <param name="Until">The version that has it; <see cref="long.MaxValue"/> while it is not committed.</param>
    private readonly record struct Shown(object Value, long Ticket, long Until);
}
