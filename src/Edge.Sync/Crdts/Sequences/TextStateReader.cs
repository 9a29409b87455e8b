namespace Edge.Sync.Crdts.Sequences;

/// <summary>Reads the canonical form of a text, format version 0.</summary>
/// <remarks>
/// <code>
/// text    = [ [ replica, [ gap, step, count, ... ], ... ], [ run, ... ], [ replica, place, ... ], visible text ]
/// run     = replica, place, length, kind &lt;&lt; 2 | left child &lt;&lt; 1 | deleted [, parent's replica, parent's place ]
/// </code>
/// A place numbers the characters of one replica from 0 on. Runs stand in the order of the text. The third part names the
/// first halves of the deleted surrogate pairs; those of the others are seen in the text.
/// </remarks>
internal static class TextStateReader
{
    /// <summary>The parent is the last character of the run before, or, of a left child, the first of the run after.</summary>
    public const int ParentBeside = 0;

    /// <summary>The parent is named.</summary>
    public const int ParentElsewhere = 1;

    /// <summary>The parent is the root, and the run is not the first.</summary>
    public const int ParentRoot = 2;

    public readonly record struct Piece(int First, int Length, int Parent, bool IsLeftChild, bool IsDeleted);

    /// <summary>Reads the dots, gives them ordinals replica by replica, and returns the first ordinal of each replica.</summary>
    public static Dictionary<ReplicaId, (int First, int Length)> ReadDots(ref WireReader reader, DotTable dots)
    {
        var bases = new Dictionary<ReplicaId, (int, int)>();
        var length = reader.ReadArrayHeader("text.dots");
        if (length % 2 != 0) throw reader.Malformed("text.dots", "a replica is cut short");
        var ordinal = 1L;
        ReplicaId? before = null;
        for (var i = 0; i < length; i += 2)
        {
            var replica = reader.ReadReplica("text.dots.replica");
            if (before is { } previous && previous.CompareTo(replica) >= 0) throw reader.Malformed("text.dots.replica", "replicas are not in ascending order");
            before = replica;
            var first = ordinal;
            var steps = reader.ReadArrayHeader("text.dots.steps");
            if (steps == 0 || steps % 3 != 0) throw reader.Malformed("text.dots.steps", "a stretch is cut short");
            var counter = 0UL;
            for (var j = 0; j < steps; j += 3)
            {
                var gap = reader.ReadCounter("text.dots.gap");
                var step = reader.ReadCounter("text.dots.step");
                var count = reader.ReadInt32("text.dots.count", 1, TextState.CharactersMax);
                var last = (UInt128)counter + gap + (UInt128)step * (uint)(count - 1);
                if (step > uint.MaxValue || last > Dot.CounterMax || ordinal + count > TextState.CharactersMax) throw reader.Malformed("text.dots.count", "there are more dots than a feed has");
                dots.Append((int)ordinal, new(replica, counter + gap), count, (uint)step);
                counter = (ulong)last;
                ordinal += count;
            }
            bases.Add(replica, ((int)first, (int)(ordinal - first)));
        }
        return bases;
    }

    public static Piece[] ReadRuns(ref WireReader reader, Dictionary<ReplicaId, (int First, int Length)> bases)
    {
        var rest = reader.ReadArrayHeader("text.runs");
        var pieces = new List<Piece>(rest / 4);
        var beside = new List<bool>(rest / 4);
        while (rest > 0)
        {
            if ((rest -= 4) < 0) throw reader.Malformed("text.runs", "a run is cut short");
            var first = ReadCharacter(ref reader, bases, out var left);
            var length = reader.ReadInt32("text.run.length", 1, left);
            var flags = reader.ReadInt32("text.run.kind", 0, (ParentRoot << 2) | 1);
            var parent = 0;
            if (flags >> 2 == ParentElsewhere)
            {
                if ((rest -= 2) < 0) throw reader.Malformed("text.runs", "a run is cut short");
                parent = ReadCharacter(ref reader, bases, out _);
            }
            pieces.Add(new(first, length, parent, (flags & 2) != 0, (flags & 1) != 0));
            beside.Add(flags >> 2 == ParentBeside);
        }
        var result = pieces.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (!beside[i]) continue;
            if (!result[i].IsLeftChild) result[i] = result[i] with { Parent = i > 0 ? result[i - 1].First + result[i - 1].Length - 1 : 0 };
            else if (i + 1 < result.Length) result[i] = result[i] with { Parent = result[i + 1].First };
            else throw reader.Malformed("text.run.kind", "no run follows the last one");
        }
        return result;
    }

    public static void ReadDeletedPairs(ref WireReader reader, Dictionary<ReplicaId, (int First, int Length)> bases, List<int> high)
    {
        var length = reader.ReadArrayHeader("text.pairs");
        if (length % 2 != 0) throw reader.Malformed("text.pairs", "a pair is cut short");
        for (var i = 0; i < length; i += 2)
        {
            var ordinal = ReadCharacter(ref reader, bases, out var left);
            if (left < 2 || (i > 0 && ordinal <= high[^1] + 1)) throw reader.Malformed("text.pairs", "pairs overlap, or are not in ascending order");
            high.Add(ordinal);
        }
    }

    private static int ReadCharacter(ref WireReader reader, Dictionary<ReplicaId, (int First, int Length)> bases, out int left)
    {
        if (!bases.TryGetValue(reader.ReadReplica("text.run.replica"), out var dots)) throw reader.Malformed("text.run.replica", "a replica is named that wrote nothing");
        var place = reader.ReadInt32("text.run.place", 0, dots.Length - 1);
        left = dots.Length - place;
        return dots.First + place;
    }
}
