using System.Numerics;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>From places and parents to runs.</summary>
internal sealed partial class TextStructure
{
    /// <summary>As many bytes as a bit for each character may take for each byte of input, before cuts are sorted in another way.</summary>
    private const int BitsBytesMax = 8;

    /// <summary>The runs in the order of their places, which become ordinals, and the first handle of each replica with the end behind them.</summary>
    /// <remarks>Memory grows with the number of runs, not of characters: a few bytes can claim millions of these.</remarks>
    public RunTable Build(DotTable dots, out int[] firstOfReplica)
    {
        var end = dots.OrdinalEnd;
        var places = new int[_runCount + 1];
        var parents = new int[_runCount];
        var cuts = new int[_runCount];
        ReadParents(places, parents, cuts, end);
        var cutCount = Sort(cuts, end);

        var runs = new RunTable(_pieceCount + cutCount + 1);
        firstOfReplica = new int[dots.ReplicaCount + 1];
        var pieces = new VarintReader(_bytes, 0) { Position = _piecesAt };
        var deleted = end > 1 && pieces.Read("") == 1 ? RunFlags.Deleted : RunFlags.None;
        int cut = 0, run = 0, replica = 0;
        for (var first = 1; first < end;)
        {
            var (length, kind) = Math.DivRem((uint)pieces.Read(""), PieceEnds);
            for (var pieceEnd = first + (int)length + 1; first < pieceEnd;)
            {
                while (cut < cutCount && cuts[cut] <= first) cut++;
                var next = cut < cutCount && cuts[cut] < pieceEnd ? cuts[cut] : pieceEnd;
                var parent = first - 1;
                var flags = deleted;
                if (places[run] == first)
                {
                    parent = parents[run++];
                    if (parent < 0) (parent, flags) = (~parent, flags | RunFlags.LeftChild);
                    if (replica < dots.ReplicaCount && first == FirstOf(dots, replica)) firstOfReplica[replica++] = runs.HandleEnd;
                }
                runs.Append(next - first, parent, flags);
                first = next;
            }
            if (kind > 0) deleted ^= RunFlags.Deleted;
        }
        firstOfReplica[^1] = runs.HandleEnd;
        return runs;
    }

    /// <summary>
    /// Reads where each run begins and under which parent, complemented where it is a left child's, and where parents cut the runs that they are
    /// in: before a left child's, behind a right child's.
    /// </summary>
    private void ReadParents(int[] places, int[] parents, int[] cuts, int end)
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
            places[i] = place;
            parents[i] = isLeft ? ~parent : parent;
            cuts[i] = isLeft ? parent : parent + 1;
            for (var kind = 1U; kind == 1;)
            {
                (var length, kind) = Math.DivRem((uint)pieces.Read(""), PieceEnds);
                place += (int)length + 1;
            }
        }
    }

    /// <summary>Sorts ordinals, without duplicates, and tells how many are left. By bits this takes a tenth of the time, so they are used where they are not too many.</summary>
    private int Sort(int[] ordinals, int end)
    {
        if (end / 8 > (_bytes.Length + 64) * BitsBytesMax)
        {
            Array.Sort(ordinals);
            return ordinals.Length;
        }
        var bits = new ulong[(end >> 6) + 1];
        foreach (var ordinal in ordinals) bits[ordinal >> 6] |= 1UL << ordinal;
        var count = 0;
        for (var i = 0; i < bits.Length; i++)
            for (var word = bits[i]; word != 0; word &= word - 1)
                ordinals[count++] = (i << 6) + BitOperations.TrailingZeroCount(word);
        return count;
    }

    private static int FirstOf(DotTable dots, int replica) => dots.StretchAt(dots.StretchesOf(replica)[0]).First;
}
