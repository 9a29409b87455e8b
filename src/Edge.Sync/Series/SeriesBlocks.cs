namespace Edge.Sync.Series;

/// <summary>The blocks of a series. Invariant: those of one key and one length of bucket do not overlap, each is in order of time, and one has <see cref="SeriesBlock.PointsMax"/> points at most.</summary>
internal sealed class SeriesBlocks(SeriesStore store, SeriesState state, SeriesShape shape, long shapeId)
{
    /// <summary>A block takes in the one before it where that is at most so many times as large: so blocks that grow slowly are written again a few times, not at each packing.</summary>
    private const int Growth = 3;

    private readonly SeriesBlock _codec = new();

    /// <summary>Puts points into the blocks that are there for their times, and into new ones where there are none.</summary>
    /// <param name="key">Whose points.</param>
    /// <param name="bucket">How many ticks each stands for; 0 for points as they came.</param>
    /// <param name="points">In order of time. Of two points of one instant the one that is given here counts; buckets are joined.</param>
    public void Insert(long key, long bucket, PointColumns points)
    {
        for (var start = 0; start < points.Count;)
        {
            var before = Find("SELECT block, shape, first, last, points, bytes, key FROM edge_series_blocks WHERE key = ?1 AND bucket = ?2 AND first <= ?3 ORDER BY first DESC LIMIT 1", key, bucket, points.Times[start]);
            // Up to the end of the block that is there, or else up to the next one.
            var overlaps = before is { } there && there.Last >= points.Times[start];
            var end = overlaps ? points.IndexOf(before!.Value.Last + 1) : FindNext(key, bucket, points.Times[start]) is { } next ? points.IndexOf(next) : points.Count;
            var part = points.Slice(start, end - start);
            if (overlaps || (before is { } small && small.Points <= Growth * part.Count && small.Points + part.Count <= SeriesBlock.PointsMax))
            {
                Delete(before!.Value, bucket);
                part = PointColumns.Merge(before.Value.Columns, part, bucket > 0);
            }
            Write(key, bucket, part);
            start = end;
        }
    }

    /// <summary>The oldest block of any key.</summary>
    public Block? FindOldest(long bucket, long firstMax) =>
        Find("SELECT block, shape, first, last, points, bytes, key FROM edge_series_blocks WHERE series = ?1 AND bucket = ?2 AND first <= ?3 ORDER BY first LIMIT 1", state.Id, bucket, firstMax);

    public void Delete(Block block, long bucket)
    {
        store.Prepare("DELETE FROM edge_series_blocks WHERE block = ?1").Bind(1, block.Id).Run();
        state.Bytes[bucket] -= block.Bytes;
    }

    private void Write(long key, long bucket, PointColumns points)
    {
        // Parts of one size: a full block and a rest of one point would be the worst of both.
        var parts = (points.Count + SeriesBlock.PointsMax - 1) / SeriesBlock.PointsMax;
        for (var i = 0; i < parts; i++)
        {
            var start = (int)((long)points.Count * i / parts);
            var count = (int)((long)points.Count * (i + 1) / parts) - start;
            var bytes = _codec.Write(points, start, count, shape.Types(bucket > 0));
            store.Prepare("INSERT INTO edge_series_blocks (series, key, bucket, shape, first, last, points, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
                .Bind(1, state.Id).Bind(2, key).Bind(3, bucket).Bind(4, shapeId).Bind(5, points.Times[start]).Bind(6, points.Times[start + count - 1]).Bind(7, count).Bind(8, bytes).Run();
            state.Bytes[bucket] = state.Bytes.GetValueOrDefault(bucket) + bytes.Length;
            if (bucket == 0) state.Newest = Math.Max(state.Newest, points.Times[start]);
        }
    }

    private Block? Find(string sql, long first, long second, long third)
    {
        var find = store.Prepare(sql).Bind(1, first).Bind(2, second).Bind(3, third);
        try
        {
            if (!find.Step()) return null;
            var stored = state.ShapeOf(find.Int64(1));
            var columns = SeriesBlock.Read(find.Blob(5), stored.Types(second > 0));
            return new(find.Int64(0), find.Int64(3), (int)find.Int64(4), find.Blob(5).Length, stored.Convert(columns, shape, second > 0), find.Int64(6));
        }
        finally { find.Reset(); }
    }

    private long? FindNext(long key, long bucket, long time)
    {
        var find = store.Prepare("SELECT first FROM edge_series_blocks WHERE key = ?1 AND bucket = ?2 AND first > ?3 ORDER BY first LIMIT 1").Bind(1, key).Bind(2, bucket).Bind(3, time);
        try { return find.Step() ? find.Int64(0) : null; }
        finally { find.Reset(); }
    }

    /// <summary>A block as it is stored.</summary>
    internal readonly record struct Block(long Id, long Last, int Points, int Bytes, PointColumns Columns, long Key);
}
