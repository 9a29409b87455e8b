using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>The joined state of one document: its existence and its fields. Not safe for use by several threads at once.</summary>
/// <remarks>
/// Fields are kept by (id, kind), so that a field whose type changed between two versions of an app keeps both states, and whatever this
/// version of the app does not know is kept and passed on.
/// </remarks>
internal sealed class DocumentState(DocumentId id, string collection)
{
    private const int TouchedMax = 32;

    // The framework's own comparison of enums allocates until it is compiled anew.
    private static readonly Comparer<KeyValuePair<(uint Id, CrdtKind Kind), CrdtState>> s_order = Comparer<KeyValuePair<(uint Id, CrdtKind Kind), CrdtState>>.Create(
        static (a, b) => a.Key.Id != b.Key.Id ? a.Key.Id.CompareTo(b.Key.Id) : ((int)a.Key.Kind).CompareTo((int)b.Key.Kind));

    // Not a sorted list: a hostile change may bring a million fields in the worst order. They are put in order when that is asked for: a class has few, which seldom become more.
    private readonly Dictionary<(uint Id, CrdtKind Kind), CrdtState> _fields = [];
    private ImmutableArray<KeyValuePair<(uint Id, CrdtKind Kind), CrdtState>> _ordered;
    private List<uint>? _touched;
    private uint[]? _taken;
    private bool _existed;

    public DocumentId Id { get; } = id;

    public string Collection { get; } = collection;

    public DocumentKey Key => new(Collection, Id);

    public ExistenceState Existence { get; init; } = new();

    /// <summary>The fields that have been written, by ascending id.</summary>
    public ImmutableArray<KeyValuePair<(uint Id, CrdtKind Kind), CrdtState>> Fields => _ordered.IsDefault ? _ordered = Order() : _ordered;

    /// <summary>What dots of void changes had replaced; null while no change of the document is void.</summary>
    public Ghosts? Ghosts { get; set; }

    public CrdtState? Find(uint fieldId, CrdtKind kind) => _fields.GetValueOrDefault((fieldId, kind));

    /// <summary>The field's state, to be changed by the caller.</summary>
    public CrdtState GetOrAdd(uint fieldId, CrdtKind kind)
    {
        Touch(fieldId);
        if (!_fields.TryGetValue((fieldId, kind), out var state)) Adopt(fieldId, kind, state = CrdtState.Create(kind));
        return state;
    }

    /// <summary>Takes a field's stored state.</summary>
    public void Adopt(uint fieldId, CrdtKind kind, CrdtState state)
    {
        _fields[(fieldId, kind)] = state;
        _ordered = default;
    }

    /// <summary>Joins one delta, whoever wrote it.</summary>
    /// <exception cref="EdgeDataException">The field refuses it. Nothing is changed.</exception>
    public void Join(uint fieldId, Delta delta, HybridTimestamp stamp)
    {
        if (delta.Kind == CrdtKind.Existence)
        {
            Existence.Join(delta, stamp);
            return;
        }
        var isNew = !_fields.TryGetValue((fieldId, delta.Kind), out var state);
        state ??= CrdtState.Create(delta.Kind);
        state.Join(delta, stamp);
        if (isNew) Adopt(fieldId, delta.Kind, state);
        Touch(fieldId);
    }

    /// <summary>Joins what stays of a delta whose change is void: see <see cref="CrdtState.JoinVoid"/>.</summary>
    /// <exception cref="EdgeDataException">The field refuses it. Nothing is changed.</exception>
    public void JoinVoid(uint fieldId, Delta delta, HybridTimestamp stamp)
    {
        if (!delta.Replaced.IsEmpty) (Ghosts ??= new()).Add(delta.First, delta.Replaced);
        if (delta.Kind == CrdtKind.Existence) return;
        if (_fields.TryGetValue((fieldId, delta.Kind), out var state))
        {
            state.JoinVoid(delta, stamp);
            return;
        }
        var empty = CrdtState.Create(delta.Kind);
        empty.JoinVoid(delta, stamp);
        if (empty.IsEmpty) return;
        _fields.Add((fieldId, delta.Kind), empty);
        Touch(fieldId);
    }

    /// <summary>Which fields have been written since this was last called; null where they are too many to tell apart, and at the first call. From then on they are noted.</summary>
    public uint[]? TakeTouched()
    {
        var touched = _touched is { Count: <= TouchedMax } fields ? Take(fields) : null;
        (_touched ??= []).Clear();
        _existed = Existence.Exists;
        return touched;
    }

    /// <summary>Which fields have been written since <see cref="TakeTouched"/>; null before that, and where they are too many to tell apart.</summary>
    public IReadOnlyList<uint>? Touched => _touched is { Count: <= TouchedMax } touched ? touched : null;

    /// <summary>Whether it has come to exist since <see cref="TakeTouched"/>.</summary>
    public bool HasAppeared => !_existed && Existence.Exists;

    // Most edits of a document write the same fields as the one before.
    private uint[] Take(List<uint> fields) => _taken is not null && _taken.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(fields)) ? _taken : _taken = [.. fields];

    private ImmutableArray<KeyValuePair<(uint Id, CrdtKind Kind), CrdtState>> Order()
    {
        var fields = _fields.ToArray();
        Array.Sort(fields, s_order);
        return ImmutableCollectionsMarshal.AsImmutableArray(fields);
    }

    // A change from outside may touch a million fields.
    private void Touch(uint fieldId)
    {
        if (_touched is { Count: <= TouchedMax } touched && !touched.Contains(fieldId)) touched.Add(fieldId);
    }
}
