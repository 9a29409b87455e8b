using System.Buffers;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>All of a stored text but its visible characters: checked when it is read, turned into runs when it is first needed.</summary>
/// <remarks>
/// <code>
/// structure = for each replica, ascending: number of stretches, then for each: count, gap from the counter before [, step where count > 1]
///             whether place 1 is deleted
///             pieces:  (length - 1) × 3 + end; end 0 = a run begins behind, 1 = deletion begins or ends there, 2 = both
///             parents: for each run: distance &lt;&lt; 1 | left child; where the parent's place is the higher one: left child, then distance
///             pairs:   distances between the first halves of the deleted surrogate pairs
/// </code>
/// All are varints. A place numbers the characters from 1 on, by ascending replica and counter; the root has place 0. A run is a chain of
/// right children with consecutive places of one replica. A keystroke in the middle thus costs two or three bytes: Brotli finds more in
/// this order (16 KB for automerge-paper) than in the order of the text (31 KB), in which neighbours were typed hours apart.
/// </remarks>
internal sealed partial class TextStructure
{
    /// <summary>The ways in which a piece can end.</summary>
    public const int PieceEnds = 3;

    /// <summary>The greatest number that stands for a piece.</summary>
    private const ulong PieceMax = (ulong)TextState.CharactersMax * PieceEnds;

    private readonly byte[] _bytes;
    private int _piecesAt;
    private int _parentsAt;
    private int _pairsAt;
    private int _pieceCount;
    private int _runCount;

    private readonly long _offset;

    private TextStructure(byte[] bytes, long offset) => (_bytes, _offset) = (bytes, offset);

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>How many characters are not deleted.</summary>
    public int VisibleCount { get; private set; }

    /// <summary>Whether nothing but building it tells whether it is sound: some parents come after their children, or pairs were deleted.</summary>
    public bool NeedsBuilding { get; private set; }

    /// <summary>Checks a structure, and enters its dots with their places as ordinals.</summary>
    /// <exception cref="EdgeDataException">The bytes are no structure, or not the canonical form of one.</exception>
    public static TextStructure Read(byte[] bytes, long offset, ReadOnlySpan<ReplicaId> replicas, DotTable dots)
    {
        var structure = new TextStructure(bytes, offset);
        var reader = new VarintReader(bytes, offset);
        foreach (var replica in replicas) ReadStretches(ref reader, replica, dots);
        structure._piecesAt = reader.Position;
        // Where each run begins: there are no more runs than bytes.
        var places = ArrayPool<int>.Shared.Rent(reader.Remaining + 1);
        try
        {
            structure.CheckPieces(ref reader, dots, places);
            structure._parentsAt = reader.Position;
            structure.CheckParents(ref reader, dots, places.AsSpan(0, structure._runCount));
        }
        finally { ArrayPool<int>.Shared.Return(places); }
        structure._pairsAt = reader.Position;
        structure.CheckPairs(ref reader, dots);
        return structure;
    }

    /// <summary>The first halves of the deleted surrogate pairs, ascending.</summary>
    public List<int> DeletedPairs()
    {
        var pairs = new List<int>();
        var reader = new VarintReader(_bytes, 0) { Position = _pairsAt };
        for (var place = 0; !reader.End;) pairs.Add(place += (int)reader.Read(""));
        return pairs;
    }

    /// <summary>For what only building it has shown.</summary>
    public EdgeDataException Malformed(string field, string problem) => new($"Malformed {field} in the bytes from {_offset} on: {problem}.", field, _offset);

    private static void ReadStretches(ref VarintReader reader, ReplicaId replica, DotTable dots)
    {
        var stretches = reader.ReadInt32("text.stretches", reader.Remaining);
        if (stretches == 0) throw reader.Malformed("text.stretches", "a replica is named that wrote nothing");
        ulong last = 0, step = 1;
        var before = 0;
        for (var i = 0; i < stretches; i++)
        {
            var ordinal = dots.OrdinalEnd;
            var count = reader.ReadInt32("text.stretches.count", TextState.CharactersMax - ordinal);
            var gap = reader.Read("text.stretches.gap");
            if (count == 0 || gap is 0 or > Dot.CounterMax) throw reader.Malformed("text.stretches", "a stretch is empty, or does not ascend");
            if ((before == 1 && gap <= uint.MaxValue) || (before > 1 && gap == step)) throw reader.Malformed("text.stretches", "a stretch goes on the one before");
            step = count > 1 ? reader.Read("text.stretches.step") : 1;
            var end = (UInt128)last + gap + (UInt128)step * (uint)(count - 1);
            if (step is 0 or > uint.MaxValue || end > Dot.CounterMax) throw reader.Malformed("text.stretches.step", "a stretch leads beyond the end of a feed");
            dots.TryAppend(ordinal, new(replica, last + gap), count, (uint)step);
            (last, before) = ((ulong)end, count);
        }
    }

    private void CheckPieces(ref VarintReader reader, DotTable dots, Span<int> places)
    {
        var end = dots.OrdinalEnd;
        if (end == 1) return;
        var isDeleted = reader.ReadInt32("text.pieces", 1) == 1;
        var begins = true;
        int replica = 0, replicaEnd = 1, visible = 0, runCount = 0, pieceCount = 0;
        for (var place = 1; place < end;)
        {
            // Behind the last character of a replica a run always begins: its successor is another's.
            while (replicaEnd <= place) replicaEnd += CharactersOf(dots, replica++);
            var value = reader.Read("text.pieces");
            if (value > PieceMax) throw reader.Malformed("text.pieces", "a piece is longer than what its replica wrote");
            var (rest, kind) = Math.DivRem((uint)value, PieceEnds);
            var length = (int)rest + 1;
            if (length > replicaEnd - place) throw reader.Malformed("text.pieces", "a piece is longer than what its replica wrote");
            if (begins) places[runCount++] = place;
            if (!isDeleted) visible += length;
            place += length;
            begins = kind != 1;
            if (place == replicaEnd && !begins) throw reader.Malformed("text.pieces", "a run goes on from one replica to the next");
            if (place == end && kind != 0) throw reader.Malformed("text.pieces", "deletion begins or ends behind the last character");
            isDeleted ^= kind > 0;
            pieceCount++;
        }
        (VisibleCount, _runCount, _pieceCount) = (visible, runCount, pieceCount);
    }

    private void CheckParents(ref VarintReader reader, DotTable dots, ReadOnlySpan<int> places)
    {
        int end = dots.OrdinalEnd, replica = 0, replicaFirst = 1;
        foreach (var place in places)
        {
            while (replicaFirst < place) replicaFirst += CharactersOf(dots, replica++);
            var parent = reader.Read("text.parents");
            var isLeft = (parent & 1) != 0;
            if (parent >> 1 != 0)
            {
                if (parent >> 1 > (ulong)place) throw reader.Malformed("text.parents", "a parent stands before the root");
                if (parent >> 1 == (ulong)place && isLeft) throw reader.Malformed("text.parents", "a run stands before the root");
                if (parent == 2 && place != replicaFirst) throw reader.Malformed("text.parents", "a run goes on the one before");
            }
            else
            {
                var distance = reader.ReadInt32("text.parents", end - 1 - place);
                if (distance == 0) throw reader.Malformed("text.parents", "a run is its own parent");
                NeedsBuilding = true;
            }
        }
    }

    private void CheckPairs(ref VarintReader reader, DotTable dots)
    {
        NeedsBuilding |= !reader.End;
        for (var place = 0; !reader.End;)
        {
            var distance = reader.ReadInt32("text.pairs", dots.OrdinalEnd - 2 - place);
            if (distance < (place == 0 ? 1 : 2)) throw reader.Malformed("text.pairs", "pairs overlap, or do not ascend");
            place += distance;
        }
    }

    private static int CharactersOf(DotTable dots, int replica)
    {
        var stretches = dots.StretchesOf(replica);
        return dots.StretchAt(stretches[^1]).End - dots.StretchAt(stretches[0]).First;
    }
}
