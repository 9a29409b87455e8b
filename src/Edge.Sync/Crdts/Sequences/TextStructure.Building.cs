namespace Edge.Sync.Crdts.Sequences;

/// <summary>From places and parents to runs.</summary>
internal sealed partial class TextStructure
{
    /// <summary>The runs in the order of their places, which become ordinals, and the first handle of each replica with the end behind them.</summary>
    /// <remarks>Memory grows with the number of runs, not of characters: a few bytes can claim millions of these.</remarks>
    public RunTable Build(DotTable dots, out int[] firstOfReplica)
    {
        var end = dots.OrdinalEnd;
        var parents = new (int Place, int Parent, bool IsLeft)[_runCount];
        var cuts = new int[_runCount];
        ReadParents(parents, cuts, end);
        Array.Sort(cuts);

        var runs = new RunTable(_pieceCount + _runCount + 1);
        firstOfReplica = new int[dots.ReplicaCount + 1];
        var pieces = new VarintReader(_bytes, 0) { Position = _piecesAt };
        var isDeleted = end > 1 && pieces.Read("") == 1;
        int cut = 0, run = 0, replica = 0;
        for (var first = 1; first < end;)
        {
            var (length, kind) = Math.DivRem((int)pieces.Read(""), PieceEnds);
            for (var pieceEnd = first + length + 1; first < pieceEnd;)
            {
                while (cut < cuts.Length && cuts[cut] <= first) cut++;
                var next = cut < cuts.Length ? Math.Min(cuts[cut], pieceEnd) : pieceEnd;
                var parent = first - 1;
                var flags = isDeleted ? RunFlags.Deleted : RunFlags.None;
                if (run < parents.Length && parents[run].Place == first)
                {
                    parent = parents[run].Parent;
                    if (parents[run++].IsLeft) flags |= RunFlags.LeftChild;
                    if (replica < dots.ReplicaCount && first == FirstOf(dots, replica)) firstOfReplica[replica++] = runs.HandleEnd;
                }
                runs.Append(next - first, parent, flags);
                first = next;
            }
            isDeleted ^= kind > 0;
        }
        firstOfReplica[^1] = runs.HandleEnd;
        return runs;
    }

    /// <summary>Reads where each run begins and under which parent, and where parents cut the runs that they are in: before a left child's, behind a right child's.</summary>
    private void ReadParents((int Place, int Parent, bool IsLeft)[] parents, int[] cuts, int end)
    {
        if (end == 1) return;
        var pieces = new VarintReader(_bytes, 0) { Position = _piecesAt };
        pieces.Read("");
        var reader = new VarintReader(_bytes, 0) { Position = _parentsAt };
        var place = 1;
        for (var i = 0; i < parents.Length; i++)
        {
            var code = (int)reader.Read("");
            var isLeft = (code & 1) != 0;
            var parent = code > 1 ? place - (code >> 1) : place + (int)reader.Read("");
            parents[i] = (place, parent, isLeft);
            cuts[i] = isLeft ? parent : parent + 1;
            for (var kind = 1; kind == 1;)
            {
                (var length, kind) = Math.DivRem((int)pieces.Read(""), PieceEnds);
                place += length + 1;
            }
        }
    }

    private static int FirstOf(DotTable dots, int replica) => dots.StretchAt(dots.StretchesOf(replica)[0]).First;
}
