namespace Edge.Sync.Crdts.Undo;

/// <summary>Elements of a list that stood next to each other, in their order, and what they stood between.</summary>
/// <param name="Left">The element before them; counter 0 at the start of the list.</param>
/// <param name="Right">The element behind them; counter 0 at the end of the list.</param>
/// <param name="Elements">They themselves.</param>
internal readonly record struct ListStretch<T>(Dot Left, Dot Right, T[] Elements);

/// <summary>Makes stretches of what an edit touched, and finds where one stood.</summary>
internal static class ListStretch
{
    /// <summary>Stretches of the elements at <paramref name="indices"/>, which ascend.</summary>
    public static ListStretch<T>[] Of<T>(ListState list, List<int> indices, Func<int, T> describe)
    {
        var stretches = new List<ListStretch<T>>();
        for (int start = 0, end; start < indices.Count; start = end)
        {
            for (end = start + 1; end < indices.Count && indices[end] == indices[end - 1] + 1;) end++;
            var elements = new T[end - start];
            for (var i = start; i < end; i++) elements[i - start] = describe(indices[i]);
            var (left, right) = (indices[start] - 1, indices[end - 1] + 1);
            stretches.Add(new(left < 0 ? default : list.ElementAt(left), right == list.Count ? default : list.ElementAt(right), elements));
        }
        return [.. stretches];
    }

    /// <summary>
    /// The index at which something stood, counted among what is there now: where its old place is, but between its neighbors as far as these are
    /// there. Where somebody has moved them past each other, the old place alone says it.
    /// </summary>
    /// <param name="list">The list as it is now.</param>
    /// <param name="left">What it stood behind; counter 0 for the start.</param>
    /// <param name="right">What it stood before; counter 0 for the end.</param>
    /// <param name="place">The index of its old place; -1 where that is gone.</param>
    public static int IndexOf(ListState list, Dot left, Dot right, int place)
    {
        var low = list.IndexOf(left, out var hasLeft) is var before && hasLeft ? before + 1 : 0;
        var high = list.IndexOf(right, out var hasRight) is var behind && hasRight ? behind : list.Count;
        if (place < 0) return low;
        return low <= high ? Math.Clamp(place, low, high) : place;
    }

    /// <summary>The stretches with the names that elements and neighbors have now; null where none has another.</summary>
    public static ListStretch<T>[]? Rename<T>(ListStretch<T>[] stretches, DotRenaming names, Func<T, T> rename) where T : struct, IEquatable<T>
    {
        var isChanged = false;
        var renamed = Array.ConvertAll(stretches, stretch =>
        {
            var elements = Array.ConvertAll(stretch.Elements, element => rename(element));
            var now = new ListStretch<T>(names.Of(stretch.Left), names.Of(stretch.Right), elements);
            isChanged |= now.Left != stretch.Left || now.Right != stretch.Right || !elements.AsSpan().SequenceEqual(stretch.Elements);
            return now;
        });
        return isChanged ? renamed : null;
    }

    /// <summary>A flat array of (left, right, flat array of elements).</summary>
    public static void Write<T>(ref WireWriter writer, ListStretch<T>[] stretches, int fieldCount, WriteElement<T> write)
    {
        writer.Raw.WriteArrayHeader(stretches.Length * 3);
        foreach (var (left, right, elements) in stretches)
        {
            writer.WriteDots(left.Counter == 0 ? [] : [left]);
            writer.WriteDots(right.Counter == 0 ? [] : [right]);
            writer.Raw.WriteArrayHeader(elements.Length * fieldCount);
            foreach (var element in elements) write(ref writer, element);
        }
    }

    /// <exception cref="EdgeDataException">The bytes are no stretches.</exception>
    public static ListStretch<T>[] Read<T>(ref WireReader reader, int fieldCount, ReadElement<T> read)
    {
        var length = reader.ReadArrayHeader("inverse.stretches");
        if (length % 3 != 0) throw reader.Malformed("inverse.stretches", "one is cut short");
        var stretches = new ListStretch<T>[length / 3];
        for (var i = 0; i < stretches.Length; i++)
        {
            var (left, right) = (ReadNeighbor(ref reader, "inverse.left"), ReadNeighbor(ref reader, "inverse.right"));
            var flat = reader.ReadArrayHeader("inverse.elements");
            if (flat == 0 || flat % fieldCount != 0) throw reader.Malformed("inverse.elements", "an element is cut short, or there is none");
            var elements = new T[flat / fieldCount];
            for (var j = 0; j < elements.Length; j++) elements[j] = read(ref reader);
            stretches[i] = new(left, right, elements);
        }
        return stretches;
    }

    private static Dot ReadNeighbor(ref WireReader reader, string field)
    {
        var dots = reader.ReadDots(field);
        return dots.Length switch { 0 => default, 1 => dots[0], _ => throw reader.Malformed(field, "there is one dot at most") };
    }

    internal delegate void WriteElement<T>(ref WireWriter writer, T element);

    internal delegate T ReadElement<T>(ref WireReader reader);
}
