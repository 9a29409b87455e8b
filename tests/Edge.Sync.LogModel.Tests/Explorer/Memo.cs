using System.Diagnostics.CodeAnalysis;

namespace Edge.Sync.LogModel.Explorer;

/// <summary>What was computed before, as long as there is room: when it is full it begins again, so that an exploration of millions of states keeps no more than their hashes.</summary>
internal sealed class Memo<TKey, TValue>(int entriesMax = 200_000)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _entries = [];

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    public TValue Add(TKey key, TValue value)
    {
        if (_entries.Count >= entriesMax) _entries.Clear();
        return _entries[key] = value;
    }
}
