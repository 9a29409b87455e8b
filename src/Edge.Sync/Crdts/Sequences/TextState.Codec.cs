using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>The stored form, and the deep check.</summary>
internal sealed partial class TextState
{
    public override void Write(ref WireWriter writer) => TextStateWriter.Write(ref writer, _runs, _order, _dots, _pairs, ToString());

    /// <exception cref="EdgeDataException">The bytes are no text.</exception>
    public static TextState Read(ref WireReader reader)
    {
        var state = new TextState();
        reader.ReadArrayHeader("text", 4, exactly: true);
        var bases = TextStateReader.ReadDots(ref reader, state._dots);
        var pieces = TextStateReader.ReadRuns(ref reader, bases);
        state.Build(pieces, ref reader);
        var high = new List<int>();
        TextStateReader.ReadDeletedPairs(ref reader, bases, high);
        var text = reader.ReadString("text.text");
        if (text.Length != state._order.Width) throw reader.Malformed("text.text", $"it has {text.Length} characters, its runs have {state._order.Width}");
        state._text.Insert(0, text);
        state.CollectPairs(text, high, ref reader);
        return state;
    }

    /// <exception cref="InvalidOperationException">What is kept differs from what follows from the characters and their parents.</exception>
    public override void Check()
    {
        _tree.Check();
        _order.Check();
        var ordinal = 0;
        for (var handle = RunTable.Root; handle >= 0; handle = _runs[handle].Next)
        {
            if (_runs[handle].First != ordinal) throw new InvalidOperationException($"Run {handle} begins at {_runs[handle].First}, not at {ordinal}.");
            for (; ordinal < _runs[handle].End; ordinal++)
            {
                if (_runs.Find(ordinal) != handle) throw new InvalidOperationException($"Character {ordinal} is not found in run {handle}.");
                if (ordinal > 0 && _dots.OrdinalOf(_dots.DotOf(ordinal)) != ordinal) throw new InvalidOperationException($"Character {ordinal} is not found by its dot.");
            }
        }
        if (ordinal != _runs.OrdinalEnd) throw new InvalidOperationException($"The runs end at {ordinal}, not at {_runs.OrdinalEnd}.");
        if (_order.Width != _text.Length) throw new InvalidOperationException($"The runs have {_order.Width} visible characters, the text {_text.Length}.");
        CheckText(Length == 0 ? " " : ToString());
    }

    private void Build(TextStateReader.Piece[] pieces, ref WireReader reader)
    {
        var byOrdinal = new int[pieces.Length];
        for (var i = 0; i < byOrdinal.Length; i++) byOrdinal[i] = i;
        Array.Sort(byOrdinal, (a, b) => pieces[a].First.CompareTo(pieces[b].First));
        var order = new int[pieces.Length + 1];
        foreach (var i in byOrdinal)
        {
            var piece = pieces[i];
            if (piece.First != _runs.OrdinalEnd) throw reader.Malformed("text.runs", "a character is there twice, or is missing");
            order[i + 1] = _runs.Append(piece.Length, piece.Parent, (piece.IsDeleted ? RunFlags.Deleted : 0) | (piece.IsLeftChild ? RunFlags.LeftChild : 0));
        }
        if (_runs.OrdinalEnd != _dots.OrdinalEnd) throw reader.Malformed("text.runs", "a character is missing");
        if (_tree.Walk() is not { } walk || !walk.AsSpan().SequenceEqual(order)) throw reader.Malformed("text.runs", "the runs do not stand in the order that their parents give");
        _tree.Link();
        _order.Build(order);
    }

    /// <summary>Finds the pairs of the visible text, and adds those of the deleted.</summary>
    private void CollectPairs(string text, List<int> high, ref WireReader reader)
    {
        foreach (var ordinal in high)
        {
            var run = _runs[_runs.Find(ordinal)];
            if (!run.IsDeleted || ordinal == run.Last) throw reader.Malformed("text.pairs", "a pair is not deleted as a whole");
        }
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsHighSurrogate(text[i])) continue;
            var run = _runs[_order.Find(i, out var offset)];
            if (offset == run.Length - 1) throw reader.Malformed("text.runs", "a run ends inside a surrogate pair");
            high.Add(run.First + offset);
        }
        high.Sort();
        foreach (var ordinal in high) _pairs.Append(ordinal);
    }
}
