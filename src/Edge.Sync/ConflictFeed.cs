using Edge.Sync.Live;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>The conflict inbox. It is read again after each commit, for it is short.</summary>
internal sealed class ConflictFeed(Feeds feeds, Func<Task<FeedSource>> open, Func<FeedSource, Row<Conflict>[]> read) : Feed<Row<Conflict>[]>(feeds, typeof(ConflictFeed))
{
    public static Feed<Row<Conflict>[]> Read(Feeds feeds, Func<Task<FeedSource>> open, Func<FeedSource, Row<Conflict>[]> read, IFeedReader<Row<Conflict>[]> reader) =>
        feeds.Read(typeof(ConflictFeed), () => new ConflictFeed(feeds, open, read), reader);

    protected override Task<FeedSource> OpenAsync() => open();

    protected override Row<Conflict>[] Run(FeedSource source) => read(source);

    protected override bool TryFollow(ReaderConnection reader, ref Row<Conflict>[] result, IReadOnlyList<CommittedDocument> changed, long sequence) => changed.Count == 0;

    // What is shown instead may change while what lost stays the same.
    protected override bool AreSame(Row<Conflict>[] a, Row<Conflict>[] b) => Row<Conflict>.AreSame(a, b);
}
