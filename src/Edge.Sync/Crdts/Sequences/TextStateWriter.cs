namespace Edge.Sync.Crdts.Sequences;

/// <summary>Writes the canonical form of a text. See <see cref="TextStateReader"/> for the format.</summary>
internal static class TextStateWriter
{
    /// <summary>A run as it is written: cut where the author changes, whole where the order of arrival had cut it.</summary>
    private struct Piece
    {
        public int Replica;
        public int Place;
        public int Length;
        public int First;
        public int Last;
        public int Parent;
        public bool IsLeftChild;
        public bool IsDeleted;
        public bool OnlyChildFollows;
    }

    public static void Write(ref WireWriter writer, RunTable runs, RunOrder order, DotTable dots, SurrogatePairs pairs, string text)
    {
        var places = new Places(dots);
        writer.Raw.WriteArrayHeader(4);
        WriteDots(ref writer, dots);
        WriteRuns(ref writer, Pieces(runs, order, places), places);
        WriteDeletedPairs(ref writer, runs, pairs, places);
        writer.Raw.Write(text);
    }

    private static void WriteDots(ref WireWriter writer, DotTable dots)
    {
        var byId = ReplicasById(dots);
        writer.Raw.WriteArrayHeader(byId.Length * 2);
        var steps = new List<ulong>();
        foreach (var number in byId)
        {
            steps.Clear();
            CanonicalSteps.Collect(dots.StretchesOf(number), steps);
            writer.WriteReplica(dots.ReplicaAt(number));
            writer.Raw.WriteArrayHeader(steps.Count);
            foreach (var step in steps) writer.Raw.Write(step);
        }
    }

    private static int[] ReplicasById(DotTable dots)
    {
        var numbers = new int[dots.ReplicaCount];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        Array.Sort(numbers, (a, b) => dots.ReplicaAt(a).CompareTo(dots.ReplicaAt(b)));
        return numbers;
    }

    private static List<Piece> Pieces(RunTable runs, RunOrder order, Places places)
    {
        var pieces = new List<Piece>();
        for (var handle = order.Next(RunTable.Root); handle >= 0; handle = order.Next(handle))
        {
            var run = runs[handle];
            for (var ordinal = run.First; ordinal < run.End;)
            {
                var (replica, place, length) = places.Of(ordinal);
                length = Math.Min(length, run.End - ordinal);
                var piece = new Piece
                {
                    Replica = replica, Place = place, Length = length, First = ordinal, Last = ordinal + length - 1,
                    Parent = ordinal == run.First ? run.Parent : ordinal - 1,
                    IsLeftChild = ordinal == run.First && run.IsLeftChild,
                    IsDeleted = run.IsDeleted,
                    OnlyChildFollows = ordinal + length < run.End || (run.Has(RunFlags.HasRight) && !run.Has(RunFlags.ManyRight)),
                };
                ordinal += length;
                if (pieces.Count > 0 && Continues(pieces[^1], piece))
                    pieces[^1] = pieces[^1] with { Length = pieces[^1].Length + length, Last = piece.Last, OnlyChildFollows = piece.OnlyChildFollows };
                else pieces.Add(piece);
            }
        }
        return pieces;
    }

    private static bool Continues(in Piece before, in Piece piece) =>
        before.OnlyChildFollows && !piece.IsLeftChild && piece.Parent == before.Last
        && piece.Replica == before.Replica && piece.Place == before.Place + before.Length && piece.IsDeleted == before.IsDeleted;

    private static void WriteRuns(ref WireWriter writer, List<Piece> pieces, Places places)
    {
        var count = 0;
        for (var i = 0; i < pieces.Count; i++)
            count += KindOf(pieces, i) == TextStateReader.ParentElsewhere ? 6 : 4;
        writer.Raw.WriteArrayHeader(count);
        for (var i = 0; i < pieces.Count; i++)
        {
            var piece = pieces[i];
            var kind = KindOf(pieces, i);
            writer.WriteReplica(places.ReplicaAt(piece.Replica));
            writer.Raw.Write(piece.Place);
            writer.Raw.Write(piece.Length);
            writer.Raw.Write((kind << 2) | (piece.IsLeftChild ? 2 : 0) | (piece.IsDeleted ? 1 : 0));
            if (kind != TextStateReader.ParentElsewhere) continue;
            var (replica, place, _) = places.Of(piece.Parent);
            writer.WriteReplica(places.ReplicaAt(replica));
            writer.Raw.Write(place);
        }
    }

    private static int KindOf(List<Piece> pieces, int index)
    {
        var piece = pieces[index];
        var isNeighbour = piece.IsLeftChild
            ? index + 1 < pieces.Count && piece.Parent == pieces[index + 1].First
            : piece.Parent == (index > 0 ? pieces[index - 1].Last : 0);
        return isNeighbour ? TextStateReader.ParentBeside : piece.Parent == 0 ? TextStateReader.ParentRoot : TextStateReader.ParentElsewhere;
    }

    private static void WriteDeletedPairs(ref WireWriter writer, RunTable runs, SurrogatePairs pairs, Places places)
    {
        var deleted = new List<(ReplicaId Replica, int Place)>();
        for (var i = 0; i < pairs.Count; i++)
        {
            if (!runs[runs.Find(pairs[i])].IsDeleted) continue;
            var (replica, place, _) = places.Of(pairs[i]);
            deleted.Add((places.ReplicaAt(replica), place));
        }
        deleted.Sort();
        writer.Raw.WriteArrayHeader(deleted.Count * 2);
        foreach (var (replica, place) in deleted)
        {
            writer.WriteReplica(replica);
            writer.Raw.Write(place);
        }
    }

    /// <summary>Numbers the characters of each replica from 0 on, in the order of its counters.</summary>
    private sealed class Places
    {
        private readonly DotTable _dots;
        private readonly List<(int First, int Place)> _stretches = [];

        public Places(DotTable dots)
        {
            _dots = dots;
            for (var number = 0; number < dots.ReplicaCount; number++)
            {
                var place = 0;
                foreach (var stretch in dots.StretchesOf(number))
                {
                    _stretches.Add((stretch.First, place));
                    place += stretch.Length;
                }
            }
            _stretches.Sort();
        }

        public ReplicaId ReplicaAt(int number) => _dots.ReplicaAt(number);

        public (int Replica, int Place, int Length) Of(int ordinal)
        {
            var index = _stretches.BinarySearch((ordinal, int.MaxValue));
            var (first, place) = _stretches[~index - 1];
            return (_dots.ReplicaOf(ordinal, out var length), place + ordinal - first, length);
        }
    }
}
