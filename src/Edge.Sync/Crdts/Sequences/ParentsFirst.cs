namespace Edge.Sync.Crdts.Sequences;

/// <summary>
/// Characters of a sequence in an order in which they can be appended to another: each behind its parent, and those of each replica by ascending
/// counter. The order of arrival is such a one, but a sequence that was read has lost it.
/// </summary>
/// <remarks>Replicas take turns. One whose next character hangs below another's that has not come yet waits for that one, in a queue by counter.</remarks>
internal sealed class ParentsFirst
{
    private readonly RunTable _runs;
    private readonly DotTable _dots;
    private readonly ulong[] _after;
    private readonly int[]? _kept;
    private readonly Cursor[] _cursors;
    private readonly PriorityQueue<int, ulong>?[] _waiting;
    private readonly Stack<int> _ready = new();

    private ParentsFirst(RunTable runs, DotTable dots, ulong[] after, int[]? kept)
    {
        (_runs, _dots, _after, _kept) = (runs, dots, after, kept);
        _cursors = new Cursor[dots.ReplicaCount];
        _waiting = new PriorityQueue<int, ulong>?[dots.ReplicaCount];
    }

    /// <param name="runs">The runs of the sequence, as a tree.</param>
    /// <param name="dots">Their dots.</param>
    /// <param name="after">By number of the replica: characters up to this counter are left out, and taken to be there already.</param>
    /// <param name="kept">By handle: how many characters of the run are taken, from its start; null for all. With a character its parent must be.</param>
    public static List<Piece> Of(RunTable runs, DotTable dots, ulong[] after, int[]? kept = null) => new ParentsFirst(runs, dots, after, kept).Order();

    private List<Piece> Order()
    {
        var pieces = new List<Piece>();
        foreach (var number in _dots.NumbersById())
        {
            Begin(number);
            _ready.Push(number);
        }
        while (_ready.TryPop(out var number))
        {
            Advance(number, pieces);
            while (_waiting[number] is { } waiting && waiting.TryPeek(out var other, out var counter) && counter <= _cursors[number].Last)
            {
                waiting.Dequeue();
                _ready.Push(other);
            }
        }
        return pieces;
    }

    private void Begin(int number)
    {
        ref var cursor = ref _cursors[number];
        var stretches = _dots.StretchesOf(number);
        cursor.Last = _after[number];
        while (cursor.Stretch < stretches.Length)
        {
            ref readonly var stretch = ref _dots.StretchAt(stretches[cursor.Stretch]);
            if (stretch.CounterOf(stretch.End - 1) > cursor.Last)
            {
                cursor.Ordinal = stretch.Counter > cursor.Last ? stretch.First : stretch.First + (int)((cursor.Last - stretch.Counter) / stretch.Step) + 1;
                return;
            }
            cursor.Stretch++;
        }
    }

    /// <summary>Takes characters of one replica until there are no more, or one has to wait.</summary>
    private void Advance(int number, List<Piece> pieces)
    {
        ref var cursor = ref _cursors[number];
        var stretches = _dots.StretchesOf(number);
        while (cursor.Stretch < stretches.Length)
        {
            ref readonly var stretch = ref _dots.StretchAt(stretches[cursor.Stretch]);
            var handle = _runs.Find(cursor.Ordinal);
            ref readonly var run = ref _runs[handle];
            var runEnd = Math.Min(stretch.End, run.End);
            var end = _kept is null ? runEnd : Math.Min(runEnd, run.First + _kept[handle]);
            if (cursor.Ordinal < end)
            {
                var parent = cursor.Ordinal == run.First ? run.Parent : cursor.Ordinal - 1;
                if (parent > 0 && IsMissing(parent, out var replica, out var counter))
                {
                    (_waiting[replica] ??= new()).Enqueue(number, counter);
                    return;
                }
                pieces.Add(new(cursor.Ordinal, end - cursor.Ordinal));
                cursor.Last = stretch.CounterOf(end - 1);
            }
            cursor.Ordinal = runEnd;
            if (runEnd == stretch.End && ++cursor.Stretch < stretches.Length) cursor.Ordinal = _dots.StretchAt(stretches[cursor.Stretch]).First;
        }
    }

    private bool IsMissing(int ordinal, out int replica, out ulong counter)
    {
        ref readonly var stretch = ref _dots.StretchAt(_dots.StretchOf(ordinal));
        (replica, counter) = (stretch.Replica, stretch.CounterOf(ordinal));
        return counter > _cursors[replica].Last;
    }

    /// <summary>How far one replica's characters are taken.</summary>
    private struct Cursor
    {
        /// <summary>The place of the next character's stretch among those of the replica.</summary>
        public int Stretch;

        public int Ordinal;

        /// <summary>The counter of the last one that is there.</summary>
        public ulong Last;
    }
}
