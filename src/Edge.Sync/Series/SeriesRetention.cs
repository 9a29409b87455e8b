namespace Edge.Sync.Series;

/// <summary>Lets points grow old: what is past its time becomes coarser, then goes; and so does the oldest of what takes most while the series takes too much.</summary>
internal sealed class SeriesRetention(SeriesStore store, SeriesState state, SeriesShape shape, SeriesOptions options, SeriesBlocks blocks)
{
    /// <summary>A block that is old in part is left alone until so much of the time that it is kept has passed again: else each packing would write it again.</summary>
    private const int Slack = 16;

    private bool _removed;

    /// <summary>Whether something has gone for good.</summary>
    public bool Run()
    {
        var now = Math.Min(store.Now.UtcTicks, state.Newest);
        foreach (var bucket in Buckets())
        {
            var keep = KeepOf(bucket);
            var cut = now - keep;
            while (blocks.FindOldest(bucket, cut - keep / Slack) is { } block)
                Age(block, bucket, cut);
        }
        while (state.Bytes.Values.Sum() > options.BytesMax)
        {
            var before = state.Bytes.Values.Sum();
            var most = state.Bytes.MaxBy(static level => level.Value).Key;
            if (blocks.FindOldest(most, long.MaxValue) is not { } block) break;
            Age(block, most, long.MaxValue);
            // Few points in coarse buckets take more room than they did: then the coarsest ones go.
            if (state.Bytes.Values.Sum() >= before && blocks.FindOldest(Coarsest(), long.MaxValue) is { } oldest) Drop(oldest, Coarsest());
        }
        return _removed;
    }

    // All that are there: options may have had other levels before.
    private List<long> Buckets() => [.. state.Bytes.Where(static level => level.Value > 0).Select(static level => level.Key)];

    private long Coarsest() => state.Bytes.Last(static level => level.Value > 0).Key;

    private long KeepOf(long bucket)
    {
        if (bucket == 0) return options.KeepPoints.Ticks;
        foreach (var level in options.Levels)
            if (level.Bucket.Ticks == bucket) return level.Keep.Ticks;
        // One that options no longer have becomes the next coarser one soon, or stays as long as anything does.
        return NextOf(bucket) is null ? options.Levels.Select(static level => level.Keep.Ticks).Append(options.KeepPoints.Ticks).Max() : options.KeepPoints.Ticks;
    }

    private long? NextOf(long bucket)
    {
        foreach (var level in options.Levels)
            if (level.Bucket.Ticks > bucket && (bucket == 0 || level.Bucket.Ticks % bucket == 0)) return level.Bucket.Ticks;
        return null;
    }

    private void Age(SeriesBlocks.Block block, long bucket, long cut)
    {
        blocks.Delete(block, bucket);
        var old = block.Columns.IndexOf(cut);
        if (old < block.Columns.Count) blocks.Insert(block.Key, bucket, block.Columns.Slice(old, block.Columns.Count - old));
        if (NextOf(bucket) is not { } next)
        {
            _removed = true;
            return;
        }
        var rows = new PointColumns(shape.Types(areBuckets: true).Length, 16);
        SeriesBuckets.Roll(block.Columns.Slice(0, old), shape.Types(areBuckets: false), bucket > 0, next, rows);
        blocks.Insert(block.Key, next, rows);
    }

    private void Drop(SeriesBlocks.Block block, long bucket)
    {
        blocks.Delete(block, bucket);
        _removed = true;
    }
}
