using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts.Undo;

/// <summary>Reads, writes and renames the characters that an inverse names.</summary>
internal static class TextRuns
{
    /// <summary>The runs with the names that their characters have now; null where none has another.</summary>
    public static DotRun[]? Rename(DotRun[] runs, DotRenaming names)
    {
        if (!Array.Exists(runs, run => IsNamed(run, names))) return null;
        var renamed = new List<DotRun>(runs.Length);
        foreach (var run in runs)
            for (var i = 0; i < run.Count; i++) DotRun.Append(renamed, names.Of(run[i]));
        return [.. renamed];
    }

    public static int CountOf(ReadOnlySpan<DotRun> runs)
    {
        var count = 0;
        foreach (var run in runs) count += run.Count;
        return count;
    }

    /// <summary>A flat array of (replica, counter, step, count).</summary>
    public static void Write(ref WireWriter writer, DotRun[] runs)
    {
        writer.Raw.WriteArrayHeader(runs.Length * 4);
        foreach (var run in runs)
        {
            writer.WriteDot(run.First);
            writer.Raw.Write(run.Step);
            writer.Raw.Write(run.Count);
        }
    }

    public static DotRun[] Read(ref WireReader reader)
    {
        var length = reader.ReadArrayHeader("inverse.characters");
        if (length % 4 != 0) throw reader.Malformed("inverse.characters", "a run is cut short");
        var runs = new DotRun[length / 4];
        for (var (i, sum) = (0, 0L); i < runs.Length; i++)
        {
            runs[i] = new(reader.ReadDot("inverse.characters"), (uint)reader.ReadInt32("inverse.step", 1), reader.ReadInt32("inverse.count", 1, TextState.CharactersMax));
            if ((sum += runs[i].Count) > TextState.CharactersMax || runs[i].Last.Counter > Dot.CounterMax) throw reader.Malformed("inverse.count", "there are more characters than a text holds");
        }
        return runs;
    }

    private static bool IsNamed(DotRun run, DotRenaming names)
    {
        for (var i = 0; i < run.Count; i++)
            if (names.TryGet(run[i], out _)) return true;
        return false;
    }
}
