using System.Runtime.InteropServices;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>The elements of a list by number, and which of them a place belongs to.</summary>
/// <remarks>
/// An element has the number in which it came; its <em>home</em> is the place of its insertion, whose dot is its name. Elements that came together
/// have consecutive numbers and homes, and are one stretch.
/// </remarks>
internal sealed class ListElements
{
    private readonly List<Item> _items = [];
    private readonly List<(int First, int Number, int Count)> _homes = [];
    private readonly Dictionary<int, int> _others = [];

    public int Count => _items.Count;

    public Span<Item> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>Adds an element whose home comes after all others.</summary>
    public int Add(int home, ValueBytes value)
    {
        var number = _items.Count;
        _items.Add(new() { Home = home, Value = value });
        if (_homes.Count > 0 && _homes[^1] is var (first, firstNumber, count) && first + count == home && firstNumber + count == number) _homes[^1] = (first, firstNumber, count + 1);
        else _homes.Add((home, number, 1));
        return number;
    }

    /// <summary>Says that a place that is no home belongs to an element.</summary>
    public void AddPlace(int ordinal, int number) => _others[ordinal] = number;

    /// <summary>The element whose home is here; -1 where there is none.</summary>
    public int AtHome(int ordinal)
    {
        int low = 0, high = _homes.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var (first, number, count) = _homes[middle];
            if (ordinal < first) high = middle - 1;
            else if (ordinal >= first + count) low = middle + 1;
            else return number + ordinal - first;
        }
        return -1;
    }

    /// <summary>The element that is here, or was; -1 where there is none.</summary>
    public int At(int ordinal) => _others.TryGetValue(ordinal, out var number) ? number : AtHome(ordinal);

    /// <summary>An element. Nearly all are as they were inserted, and have no <see cref="ListElement"/>.</summary>
    internal struct Item
    {
        public int Home;

        /// <summary>What was inserted; without meaning where there is an element.</summary>
        public ValueBytes Value;

        public ListElement? Element;
    }
}
