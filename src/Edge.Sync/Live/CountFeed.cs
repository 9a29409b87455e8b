using Edge.Sync.Projections.Queries;
using Edge.Sync.Storage;

namespace Edge.Sync.Live;

/// <summary>How many documents a query holds. It counts again where a commit may have changed that.</summary>
internal sealed class CountFeed(Feeds feeds, QueryPlan plan, object key, SqlFragment sql, Func<Task<FeedSource>> open) : Feed<long>(feeds, key)
{
    private readonly Feeds _feeds = feeds;

    /// <summary>The feed of a query. Its captured values are read now.</summary>
    public static Feed<long> Read(Feeds feeds, QueryPlan plan, Func<Task<FeedSource>> open, IFeedReader<long> reader)
    {
        var sql = plan.ToCountSql();
        var key = (plan.Schema.Collection, FeedKey.Of(sql));
        return feeds.Read(key, () => new CountFeed(feeds, plan, key, sql, open), reader);
    }

    protected override Task<FeedSource> OpenAsync() => open();

    protected override long Run(FeedSource source)
    {
        _feeds.CountRun();
        return source.Readers.Read(reader => QueryReading.Run(reader, plan, sql, static statement => statement.Step() ? statement.Int64(0) : 0));
    }

    protected override bool TryFollow(ReaderConnection reader, ref long result, IReadOnlyList<CommittedDocument> changed, long sequence)
    {
        foreach (var document in changed)
            if (document.Key.Collection == plan.Schema.Collection && (document.ExistenceChanged || document.Fields is null || Array.Exists(document.Fields, sql.Fields.Contains))) return false;
        return true;
    }

    protected override bool AreSame(long a, long b) => a == b;
}
