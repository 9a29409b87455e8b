using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A map whose entries merge by themselves, each by the rule of its type.</summary>
/// <typeparam name="TKey">string, bool, byte, short, int, long, Guid, DocumentId or an enum.</typeparam>
/// <typeparam name="TValue">
/// A plain value, which is replaced as a whole; or a type that merges by itself, such as <see cref="Counter"/> or another map; or a class with
/// <see cref="EdgeObjectAttribute"/>. Maps and objects lie in each other at most 16 deep.
/// </typeparam>
/// <remarks>
/// On concurrent edits: an edit under a key wins over a removal of the key that had not seen it. Alice removes "pump" while Bob, offline, adds 5 minutes to
/// the 30 that both had seen: "pump" is there, with 5 minutes. Enumerates by key in canonical order (text by code point), which is the same on every replica.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "The field's word is map.")]
public sealed class ReplicatedMap<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, INotifyCollectionChanged, ILiveContainer where TKey : notnull
{
    private readonly Field _field;
    private NotifyCollectionChangedEventHandler? _changed;
    private readonly FieldType<TValue> _type;

    internal ReplicatedMap(Field field, FieldType<TValue> type) => (_field, _type) = (field, type);

    /// <summary>Raised while the document is live, after a commit that has changed the map.</summary>
    event NotifyCollectionChangedEventHandler? INotifyCollectionChanged.CollectionChanged { add => _changed += value; remove => _changed -= value; }

    Exception? ILiveContainer.RaiseChanged() => Handlers.Call(_changed, this, Handlers.Reset);

    /// <inheritdoc/>
    public int Count => State?.Count ?? 0;

    /// <summary>The keys in canonical order.</summary>
    public IEnumerable<TKey> Keys
    {
        get
        {
            foreach (var (key, _) in CanonicalOrder<TKey>.Sort(State?.Keys ?? []))
                yield return key;
        }
    }

    /// <summary>What lies under the keys, in their canonical order.</summary>
    public IEnumerable<TValue> Values
    {
        get
        {
            foreach (var (_, key) in CanonicalOrder<TKey>.Sort(State?.Keys ?? []))
                yield return _type.Attach(At(key));
        }
    }

    private MapState? State => _field.Find<MapState>(CrdtKind.Map);

    /// <summary>
    /// What lies under a key. A plain value that is not there is an error. What merges by itself is made: it reads as empty, and its first write puts it
    /// under the key.
    /// </summary>
    /// <exception cref="KeyNotFoundException">On reading a plain value: the key is not there.</exception>
    /// <exception cref="InvalidOperationException">
    /// On setting: the document is a snapshot, or its edit callback has ended; or what lies under the keys is changed by its methods; or an object was not made with <c>new</c>.
    /// </exception>
    public TValue this[TKey key]
    {
        get
        {
            var bytes = ValueCodec<TKey>.Encode(key);
            if (_type.IsValue && State?.Contains(bytes) is not true) throw new KeyNotFoundException($"The key '{key}' is not in the map.");
            return _type.Attach(At(bytes));
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(value);
            if (_type.Assign is null) throw new InvalidOperationException($"A {typeof(TValue).Name} under a key is changed by its methods, as in map[key].Add(…), and never replaced.");
            _type.CheckAssignable?.Invoke(value);
            if (!_type.IsValue)
            {
                Remove(key);
                Add(key);
            }
            _type.Assign(At(ValueCodec<TKey>.Encode(key)), value);
        }
    }

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => State?.Contains(ValueCodec<TKey>.Encode(key)) ?? false;

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var bytes = ValueCodec<TKey>.Encode(key);
        var isThere = State?.Contains(bytes) ?? false;
        value = isThere ? _type.Attach(At(bytes)) : default;
        return isThere;
    }

    /// <summary>Says that a key is there, with nothing under it yet; or renews it, so that it outlives a concurrent removal.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<MapState>(CrdtKind.Map).Touch(sink.Next, ValueCodec<TKey>.Encode(key)));
    }

    /// <summary>Removes a key with what lies under it. Returns false, and writes nothing, where it is not there.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Remove(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var sink = _field.Writable();
        var bytes = ValueCodec<TKey>.Encode(key);
        if (State is not { } state || !state.Contains(bytes)) return false;
        _field.Commit(sink, state.Remove(sink.Next, bytes));
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var (key, bytes) in CanonicalOrder<TKey>.Sort(State?.Keys ?? []))
            yield return new(key, _type.Attach(At(bytes)));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Field At(ValueBytes key) => new(new MapEntryOwner(_field, key), 0);
}
