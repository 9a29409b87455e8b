namespace Edge.Sync.Crdts;

/// <summary>The order in which dictionaries are written, which must not be the order of arrival.</summary>
internal static class Ascending
{
    public static TKey[] Keys<TKey, TValue>(Dictionary<TKey, TValue> dictionary) where TKey : notnull
    {
        var keys = new TKey[dictionary.Count];
        dictionary.Keys.CopyTo(keys, 0);
        Array.Sort(keys);
        return keys;
    }
}
