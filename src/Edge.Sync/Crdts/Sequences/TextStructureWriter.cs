namespace Edge.Sync.Crdts.Sequences;

/// <summary>Writes all of a text but its visible characters, in a form that depends on what was joined alone. See <see cref="TextStructure"/>.</summary>
internal ref struct TextStructureWriter
{
    private readonly RunTable _runs;
    private readonly DotTable _dots;
    private readonly int[] _byId;

    private readonly Places _places;

    private VarintWriter _stretches = new();
    private VarintWriter _pieces = new();
    private VarintWriter _parents = new();
    private VarintWriter _pairs = new();

    private TextStructureWriter(RunTable runs, DotTable dots)
    {
        (_runs, _dots, _byId) = (runs, dots, dots.NumbersById());
        _places = new(dots);
    }

    public static byte[] Write(RunTable runs, DotTable dots, SurrogatePairs pairs)
    {
        var writer = new TextStructureWriter(runs, dots);
        writer.WriteStretches();
        writer.WritePieces();
        writer.WritePairs(pairs);
        return [.. writer._stretches.Span, .. writer._pieces.Span, .. writer._parents.Span, .. writer._pairs.Span];
    }

    private void WriteStretches()
    {
        var steps = new CanonicalSteps();
        foreach (var number in _byId)
        {
            steps.Clear();
            foreach (var index in _dots.StretchesOf(number)) steps.Add(_dots.StretchAt(index));
            steps.End();
            _stretches.Write((ulong)steps.Stretches.Count);
            var before = 0UL;
            foreach (var (first, step, count) in steps.Stretches)
            {
                _stretches.Write((ulong)count);
                _stretches.Write(first - before);
                if (count > 1) _stretches.Write(step);
                before = first + step * (ulong)(count - 1);
            }
        }
    }

    private void WritePieces()
    {
        var place = 1;
        var length = 0;
        var isDeleted = false;
        foreach (var number in _byId)
        {
            var isFirst = true;
            foreach (var index in _dots.StretchesOf(number))
            {
                ref readonly var stretch = ref _dots.StretchAt(index);
                var handle = _runs.Find(stretch.First);
                for (var ordinal = stretch.First; ordinal < stretch.End; handle = _runs[handle].Next)
                {
                    ref readonly var run = ref _runs[handle];
                    var isLeft = ordinal == run.First && run.IsLeftChild;
                    var parent = PlaceOf(ordinal == run.First ? run.Parent : ordinal - 1);
                    var begins = isFirst || isLeft || parent != place - 1;
                    var turns = run.IsDeleted != isDeleted;
                    if (place == 1) _pieces.Write(run.IsDeleted ? 1UL : 0);
                    else if (begins || turns) (length, _) = (0, WritePiece(length, begins, turns));
                    if (begins) WriteParent(place - parent, isLeft);
                    (isFirst, isDeleted) = (false, run.IsDeleted);
                    var count = Math.Min(stretch.End, run.End) - ordinal;
                    length += count;
                    place += count;
                    ordinal += count;
                }
            }
        }
        if (place > 1) WritePiece(length, begins: true, turns: false);
    }

    private bool WritePiece(int length, bool begins, bool turns)
    {
        _pieces.Write((ulong)(length - 1) * TextStructure.PieceEnds + (begins ? 1UL : 0) + (turns ? 2UL : 0) - 1);
        return true;
    }

    private void WriteParent(int distance, bool isLeft)
    {
        if (distance > 0)
        {
            _parents.Write(((ulong)distance << 1) | (isLeft ? 1UL : 0));
            return;
        }
        _parents.Write(isLeft ? 1UL : 0);
        _parents.Write((ulong)-distance);
    }

    private void WritePairs(SurrogatePairs pairs)
    {
        var places = new List<int>();
        for (var i = 0; i < pairs.Count; i++)
            if (_runs[_runs.Find(pairs[i])].IsDeleted) places.Add(PlaceOf(pairs[i]));
        places.Sort();
        var before = 0;
        foreach (var place in places)
        {
            _pairs.Write((ulong)(place - before));
            before = place;
        }
    }

    private readonly int PlaceOf(int ordinal) => _places.Of(ordinal);
}
