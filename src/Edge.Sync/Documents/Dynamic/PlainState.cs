using Edge.Sync.Crdts;
using Edge.Sync.Documents.History;

namespace Edge.Sync.Documents;

/// <summary>What a state shows, as plain .NET values; and such values as bytes.</summary>
internal static class PlainState
{
    public static object? Of(CrdtState state) => state switch
    {
        RegisterState register => register.TryGetWinner(out var value) ? PlainValue.Of(value) : null,
        ExtremeState extreme => extreme.TryGet(out var value) ? PlainValue.Of(value) : null,
        CounterState counter => counter.Value,
        BoundedCounterState counter => counter.Value,
        FlagState flag => flag.IsEnabled,
        TextState text => text.ToString(),
        RichTextState text => text.ToString(),
        SetState set => PlainValue.OfAll(set.Elements.Order()),
        GrowSetState set => PlainValue.OfAll(set.Elements.Order()),
        RemoveWinsSetState set => PlainValue.OfAll(set.Elements.Order()),
        ListState list => PlainValue.OfAll(list.ToArray()),
        EventLogState log => PlainValue.OfAll(log.Entries.ToArray().Select(static entry => entry.Value)),
        LatticeState lattice => PlainValue.OfAll(lattice.Values),
        TreeState tree => TreeWalk.DepthFirst(tree).Select(node => tree.TryGetValue(node.Node, out var value) ? PlainValue.Of(value) : null).ToList(),
        MapState map => OfMap(map),
        _ => null,
    };

    /// <exception cref="NotSupportedException">Values of that type cannot be stored.</exception>
    public static ValueBytes Encode(object? value) => value switch
    {
        null => ValueCodec<string>.Encode(null),
        string text => ValueCodec<string>.Encode(text),
        bool boolean => ValueCodec<bool>.Encode(boolean),
        byte or short or int or long => ValueCodec<long>.Encode(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
        float single => ValueCodec<float>.Encode(single),
        double real => ValueCodec<double>.Encode(real),
        decimal number => ValueCodec<decimal>.Encode(number),
        Guid guid => ValueCodec<Guid>.Encode(guid),
        DocumentId id => ValueCodec<DocumentId>.Encode(id),
        DateTimeOffset time => ValueCodec<DateTimeOffset>.Encode(time),
        _ => throw new NotSupportedException($"Values of type {value.GetType()} cannot be stored in a field. Use string, bool, byte, short, int, long, float, double, decimal, Guid, DateTimeOffset, DocumentId or null."),
    };

    private static Dictionary<object, object?> OfMap(MapState map)
    {
        var entries = new Dictionary<object, object?>();
        foreach (var key in map.Keys.Order())
            entries[PlainValue.Of(key) ?? ""] = map.Under(key).Select(static state => Of(state is RetainedState retained ? retained.Current : state)).FirstOrDefault();
        return entries;
    }
}
