using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>The stored form, and the deep check.</summary>
/// <remarks>
/// <code>
/// list = [ [ replica, ... ascending ] of the places, structure, [ replica, ... ascending ] of the edits, edits, [ value, ... ] ]
/// </code>
/// The structure is a text's (<see cref="TextStructure"/>), without pairs: what is deleted there is a place where no element is to be seen. The edits
/// (<see cref="ListEdits"/>) tell of the elements that are not as they were inserted. Values are those of all elements by ascending place of their
/// insertion, and of one element ascending. Canonical.
/// </remarks>
internal sealed partial class ListState
{
    /// <summary>Whose places there are, ascending.</summary>
    public ReplicaId[] Replicas() => Array.ConvertAll(_dots.NumbersById(), _dots.ReplicaAt);

    public override void CollectReplicas(ReplicaTable table)
    {
        foreach (var replica in Replicas()) table.IndexOf(replica);
        CollectEdited(table);
    }

    public override void Write(ref WireWriter writer)
    {
        var places = new Places(_dots);
        var numbers = NumbersByPlace(places);
        var edited = new ReplicaTable();
        CollectEdited(edited);
        edited.Sort();
        var edits = new ListEdits.Writer(edited, places);
        var values = 0;
        foreach (var number in numbers)
        {
            ref readonly var item = ref _elements.Items[number];
            values += item.Element?.Values.Length ?? 1;
            if (item.Element is { } element) edits.Write(places.Of(item.Home), NameOf(number), element);
        }

        writer.Raw.WriteArrayHeader(5);
        WriteReplicas(ref writer, Replicas());
        writer.Raw.Write(TextStructureWriter.Write(_runs, _dots, s_noPairs));
        WriteReplicas(ref writer, edited.Replicas);
        writer.Raw.Write(edits.Span);
        writer.Raw.WriteArrayHeader(values);
        foreach (var number in numbers)
        {
            ref readonly var item = ref _elements.Items[number];
            if (item.Element is not { } element) writer.WriteValue(item.Value);
            else foreach (ref readonly var value in element.Values) writer.WriteValue(value.Value);
        }
    }

    /// <exception cref="EdgeDataException">The bytes are no list.</exception>
    public static ListState Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("list", 5, exactly: true);
        var state = new ListState();
        var replicas = ReadReplicas(ref reader, "list.replicas");
        state.ReadPlaces(reader.ReadBytes("list.structure"), reader.Offset, replicas);
        var edited = ReadReplicas(ref reader, "list.edits.replicas");
        var bytes = reader.ReadBytes("list.edits");
        var edits = new ListEdits.Reader(bytes, reader.Offset - bytes.Length, edited, state._dots).ReadAll();
        var values = new ValueBytes[reader.ReadArrayHeader("list.values")];
        for (var i = 0; i < values.Length; i++) values[i] = reader.ReadValue("list.value");
        if (state.Fill(edits, values) is { } problem) throw reader.Malformed("list.edits", problem);
        return state;
    }

    /// <exception cref="InvalidOperationException">What is kept differs from what follows from the places and the elements.</exception>
    public override void Check()
    {
        _tree.Check();
        _order.Check();
        var visible = new HashSet<int>();
        for (var i = 0; i < _elements.Count; i++)
        {
            var item = _elements.Items[i];
            if (_elements.AtHome(item.Home) != i) throw new InvalidOperationException($"Element {i} is not at its home.");
            if (item.Element is { } element)
            {
                if (!element.IsSound(NameOf(i), item.Home)) throw new InvalidOperationException($"Element {NameOf(i)} is not one that edits lead to.");
                foreach (var place in element.Places)
                    if (_elements.At(place.Ordinal) != i || _dots.DotOf(place.Ordinal) != place.Key.Dot) throw new InvalidOperationException($"Place {place.Key.Dot} does not know its element.");
            }
            if (VisibleOrdinal(i) is >= 0 and var ordinal) visible.Add(ordinal);
        }
        var count = 0;
        for (var ordinal = 1; ordinal < _runs.OrdinalEnd; ordinal++)
        {
            if (_runs[_runs.Find(ordinal)].IsDeleted == visible.Contains(ordinal)) throw new InvalidOperationException($"Place {ordinal} is to be seen, or is not, otherwise than its element says.");
            if (_dots.OrdinalOf(_dots.DotOf(ordinal)) != ordinal) throw new InvalidOperationException($"Place {ordinal} is not found by its dot.");
            if (visible.Contains(ordinal)) count++;
        }
        if (count != Count) throw new InvalidOperationException($"The list has {Count} elements, and {count} are to be seen.");
    }

    private void CollectEdited(ReplicaTable table)
    {
        for (var i = 0; i < _elements.Count; i++) _elements.Items[i].Element?.CollectReplicas(table, NameOf(i));
    }

    private int[] NumbersByPlace(Places places)
    {
        var (numbers, homes) = (new int[_elements.Count], new int[_elements.Count]);
        for (var i = 0; i < numbers.Length; i++) (numbers[i], homes[i]) = (i, places.Of(_elements.Items[i].Home));
        Array.Sort(homes, numbers);
        return numbers;
    }

    private void ReadPlaces(byte[] bytes, long end, ReplicaId[] replicas)
    {
        var offset = end - bytes.Length;
        try
        {
            var structure = TextStructure.Read(bytes, offset, replicas, _dots);
            if (_dots.OrdinalEnd > PlacesMax || structure.DeletedPairs().Count > 0) throw structure.Malformed("list.structure", "it has too many places, or pairs");
            _runs = structure.Build(_dots, out var firstOfReplica);
            _order = new(_runs);
            _tree = new(_runs, _order, _dots);
            _order.Build(_tree.Link(firstOfReplica) ?? throw structure.Malformed("list.structure", "some places are their own ancestors"));
        }
        catch (EdgeDataException e) when (e.Field != "list.structure")
        {
            throw new EdgeDataException($"Malformed list.structure: {e.Message}", "list.structure", e.Offset, innerException: e);
        }
    }

    /// <summary>Puts the elements where they belong, and tells what is wrong with them; null where nothing is.</summary>
    private string? Fill(List<(int Home, ListElement Element)> edits, ValueBytes[] values)
    {
        var owners = new Dictionary<int, ListElement>();
        foreach (var (home, element) in edits)
        {
            if (element.Places.IsEmpty) return "an element is nowhere";
            if (!owners.TryAdd(home, element)) return "a place belongs to two elements";
            foreach (var place in element.Places)
                if (place.Ordinal != home && !owners.TryAdd(place.Ordinal, element)) return "a place belongs to two elements";
        }
        if (Count > values.Length + edits.Count) return "some elements have no value";
        int next = 0, value = 0;
        for (var handle = _runs[RunTable.Root].Next; handle >= 0; handle = _runs[handle].Next)
        {
            if (_runs[handle].IsDeleted) continue;
            for (var ordinal = _runs[handle].First; ordinal < _runs[handle].End; ordinal++)
            {
                if (owners.TryGetValue(ordinal, out var owner))
                {
                    if (!owner.IsAlive || owner.Ordinal != ordinal) return "an element is to be seen where it is not";
                    continue;
                }
                if (!TryAddEdited(edits, values, ref next, ref value, ordinal) || value == values.Length) return "some elements have no value";
                _elements.Add(ordinal, values[value++]);
            }
        }
        if (!TryAddEdited(edits, values, ref next, ref value, int.MaxValue) || value != values.Length) return "there are more values than elements, or fewer";
        foreach (var (home, element) in edits)
        {
            if (!element.IsSound(_dots.DotOf(home), home)) return "an element is not one that edits lead to";
            if (element.IsAlive && _runs[_runs.Find(element.Ordinal)].IsDeleted) return "an element is not to be seen where it is";
            foreach (var place in element.Places)
                if (place.Ordinal != home) _elements.AddPlace(place.Ordinal, _elements.AtHome(home));
        }
        return null;
    }

    /// <summary>Adds the edited elements whose homes come before <paramref name="before"/>, with their values.</summary>
    private bool TryAddEdited(List<(int Home, ListElement Element)> edits, ValueBytes[] values, ref int next, ref int value, int before)
    {
        for (; next < edits.Count && edits[next].Home < before; next++)
        {
            var (home, element) = edits[next];
            if (element.Values.Length > values.Length - value) return false;
            element.SetValues(values.AsSpan(value, element.Values.Length));
            value += element.Values.Length;
            var number = _elements.Add(home, s_nil);
            _elements.Items[number].Element = element;
        }
        return true;
    }

    private static void WriteReplicas(ref WireWriter writer, IReadOnlyList<ReplicaId> replicas)
    {
        writer.Raw.WriteArrayHeader(replicas.Count);
        foreach (var replica in replicas) writer.WriteReplica(replica);
    }

    private static ReplicaId[] ReadReplicas(ref WireReader reader, string field)
    {
        var replicas = new ReplicaId[reader.ReadArrayHeader(field)];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = reader.ReadReplica(field);
            if (i > 0 && replicas[i - 1] >= replicas[i]) throw reader.Malformed(field, "replicas are not in ascending order");
        }
        return replicas;
    }
}
