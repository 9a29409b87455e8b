using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Storage;

public abstract partial class StoreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Changes_of_a_document_are_those_that_a_scan_of_the_log_finds(int seed)
    {
        var random = new Random(seed);
        var (store, replica) = CreateReplica(seed);
        var peer = Changes.NewReplica(seed + 1000);
        for (var round = 0; round < 30; round++)
        {
            for (var n = random.Next(3); n > 0; n--)
                Changes.Edit(peer, DocumentId.Named($"{random.Next(5)}"), job => job.Minutes.Add(1));
            replica.Begin();
            for (var n = random.Next(1, 6); n > 0; n--)
                replica.Edit(draft =>
                {
                    for (var documents = random.Next(1, 4); documents > 0; documents--)
                        Attach<Job>(draft, DocumentId.Named($"{random.Next(5)}")).Minutes.Add(1);
                });
            Changes.ApplyAll(replica, Changes.All(peer));
            replica.Commit();
        }
        foreach (var name in s_names)
        {
            var all = Scan(store, KeyOf(name), 0);
            Assert.True(all.Count > 20, $"{all.Count}");
            Assert.Equal(all.Select(Show), store.ReadDocumentChanges(KeyOf(name), 0, int.MaxValue).Select(Show));
            var after = all[all.Count / 2].Sequence;
            Assert.Equal(Scan(store, KeyOf(name), after).Select(Show), store.ReadDocumentChanges(KeyOf(name), after, int.MaxValue).Select(Show));
            // In pages of any size, too.
            var paged = new List<string>();
            for (long last = 0; store.ReadDocumentChanges(KeyOf(name), last, bytesMax: random.Next(600)) is { Count: > 0 } page; last = page[^1].Sequence)
                paged.AddRange(page.Select(Show));
            Assert.Equal(all.Select(Show), paged);
        }
        Assert.Empty(store.ReadDocumentChanges(KeyOf("never written"), 0, int.MaxValue));
        Assert.Empty(store.ReadDocumentChanges(new("other", DocumentId.Named("0")), 0, int.MaxValue));
    }

    [Fact]
    public void Changes_of_a_document_hold_nothing_of_a_transaction_that_was_rolled_back()
    {
        var (store, replica) = CreateReplica(1);
        Changes.Edit(replica, DocumentId.Named("a"), static job => job.Minutes.Add(1));
        replica.Begin();
        replica.Edit(static draft => Attach<Job>(draft, DocumentId.Named("a")).Minutes.Add(2));
        replica.Rollback();
        Assert.Single(store.ReadDocumentChanges(KeyOf("a"), 0, int.MaxValue));
        Changes.Edit(replica, DocumentId.Named("a"), static job => job.Minutes.Add(4));
        Assert.Equal(Scan(store, KeyOf("a"), 0).Select(Show), store.ReadDocumentChanges(KeyOf("a"), 0, int.MaxValue).Select(Show));
    }

    [Fact]
    public void Changes_of_a_document_hold_nothing_of_an_edit_that_threw()
    {
        var (store, replica) = CreateReplica(1);
        replica.Begin();
        replica.Edit(static draft => Attach<Job>(draft, DocumentId.Named("a")).Minutes.Add(1));
        Assert.Throws<FormatException>(() => replica.Edit(static draft =>
        {
            Attach<Job>(draft, DocumentId.Named("a")).Minutes.Add(1);
            Attach<Job>(draft, DocumentId.Named("b")).Minutes.Add(1);
            throw new FormatException();
        }));
        replica.Commit();
        Assert.Single(store.ReadDocumentChanges(KeyOf("a"), 0, int.MaxValue));
        Assert.Empty(store.ReadDocumentChanges(KeyOf("b"), 0, int.MaxValue));
    }

    private static string Show(Edge.Sync.Log.StoredChange change) => $"{change.Sequence} {change.Last} {change.Id} {Convert.ToHexString(change.Bytes.Span)}";
}
