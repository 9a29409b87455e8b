using Edge.Sync.Documents;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Storage;

/// <summary>States are written late: what is read must not tell.</summary>
public abstract partial class StoreTests
{
    [Fact]
    public void Keystroke_in_a_long_text_does_not_write_the_text_again()
    {
        var (store, replica) = CreateReplica(1);
        var id = DocumentId.Named("0");
        Changes.Edit(replica, id, static job => job.Notes.Append(new('x', 100_000)));
        var states = new HashSet<long>();
        const int Keystrokes = 1000;
        for (var i = 0; i < Keystrokes; i++)
        {
            Changes.Edit(replica, id, job => job.Notes.Insert(i * 7, "y"));
            states.Add(store.ReadDocument(KeyOf("0"))!.Covers);
        }
        Assert.InRange(states.Count, 2, Keystrokes / DocumentCache.TailCountMax + 1);
        AssertEqualsRebuild(store);
        Assert.Equal(Keystrokes + 1, store.ReadDocumentChanges(KeyOf("0"), 0, int.MaxValue).Count);
    }

    [Fact]
    public void State_is_written_at_latest_after_as_many_bytes_as_it_has()
    {
        var (store, replica) = CreateReplica(1);
        for (var i = 0; i < 100; i++)
        {
            Changes.Edit(replica, DocumentId.Named("0"), job => job.Notes.Append(new('x', 100)));
            var stored = store.ReadDocument(KeyOf("0"))!;
            var tail = store.ReadDocumentChanges(KeyOf("0"), stored.Covers, int.MaxValue);
            Assert.Equal(stored.Tail, tail.Select(static change => change.Sequence));
            Assert.True(tail.Sum(static change => change.Bytes.Length) < Math.Max(DocumentCache.TailBytesMin, stored.State?.Length ?? 0));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Documents_equal_a_rebuild_after_every_commit_and_every_reopening(int seed)
    {
        var random = new Random(seed);
        var (store, replica) = CreateReplica(seed);
        for (var round = 0; round < 60; round++)
        {
            replica.Begin();
            for (var n = random.Next(1, 4); n > 0; n--)
                replica.Edit(draft =>
                {
                    var job = Attach<Job>(draft, DocumentId.Named($"{random.Next(4)}"));
                    job.Minutes.Add(random.Next(100));
                    if (random.Next(3) == 0) job.Notes.Append(new((char)('a' + random.Next(26)), random.Next(1, 400)));
                    if (random.Next(10) == 0) draft.Delete(Schema<Job>(), DocumentId.Named($"{random.Next(4)}"));
                });
            if (random.Next(5) == 0)
            {
                replica.Rollback();
                continue;
            }
            replica.Commit();
            AssertEqualsRebuild(store);
            if (random.Next(4) > 0) continue;
            // Half of the time as it is after the end of the process: nothing was closed.
            if (random.Next(2) == 0) replica.Close();
            replica = new(store, new FakeTimeProvider(new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)), new SeededRandom(seed + round), TimeSpan.FromMinutes(5), TestKeys.Public);
        }
    }

    [Fact]
    public void Edit_that_throws_behind_a_long_tail_leaves_the_document_as_it_was()
    {
        var (store, replica) = CreateReplica(1);
        for (var i = 0; i < 20; i++)
            Changes.Edit(replica, DocumentId.Named("0"), job => job.Notes.Append(i == 0 ? new('x', 50_000) : "y"));
        replica.Begin();
        replica.Edit(static draft => Attach<Job>(draft, DocumentId.Named("0")).Minutes.Add(1));
        Assert.Throws<FormatException>(() => replica.Edit(static draft =>
        {
            Attach<Job>(draft, DocumentId.Named("0")).Minutes.Add(10);
            throw new FormatException();
        }));
        replica.Edit(static draft => Attach<Job>(draft, DocumentId.Named("0")).Minutes.Add(100));
        replica.Commit();
        AssertEqualsRebuild(store);
        Changes.Edit(replica, DocumentId.Named("0"), static job => Assert.Equal(101, job.Minutes.Value));
    }

    [Fact]
    public void Memory_holds_a_bounded_part_of_many_documents()
    {
        var (store, replica) = CreateReplica(1);
        const int Documents = 300;
        for (var round = 0; round < 3; round++)
            for (var i = 0; i < Documents; i++)
                Changes.Edit(replica, DocumentId.Named($"{i}"), job => job.Notes.Append(new('x', 10_000)));
        Assert.InRange(replica.CachedDocumentCount, 1, Documents / 2);
        AssertEqualsRebuild(store);
    }

    [Fact]
    public void Documents_of_another_version_of_the_fold_are_made_again()
    {
        var (store, replica) = CreateReplica(1);
        for (var i = 0; i < 20; i++)
            Changes.Edit(replica, DocumentId.Named($"{i % 3}"), job => job.Notes.Append(new('x', 100)));
        // As a version leaves it that does not know the text: the log has what the state lacks.
        replica.Begin();
        var document = store.ReadDocument(KeyOf("0"))!;
        store.ClearDocuments(DocumentFoldVersion - 1);
        var state = DocumentCodec.Write(new DocumentState(DocumentId.Named("0"), "job") { Existence = DocumentCodec.Read(KeyOf("0"), document.State!).Existence });
        store.WriteDocument(new(KeyOf("0"), default, true, [], 19, state));
        store.Commit(replica.Log);
        replica = new(store, TimeProvider.System, new SeededRandom(9), TimeSpan.FromMinutes(5), TestKeys.Public);
        Assert.Equal(DocumentFoldVersion, store.FoldVersion);
        Assert.Equal(3, replica.ReadDocuments().Count());
        AssertEqualsRebuild(store);
        foreach (var name in (string[])["0", "1", "2"])
            Assert.Equal(Scan(store, KeyOf(name), 0).Select(Show), store.ReadDocumentChanges(KeyOf(name), 0, int.MaxValue).Select(Show));
        // A newer one's, too: an app may be rolled back.
        replica.Begin();
        store.ClearDocuments(DocumentFoldVersion + 1);
        store.Commit(replica.Log);
        replica = new(store, TimeProvider.System, new SeededRandom(9), TimeSpan.FromMinutes(5), TestKeys.Public);
        Assert.Equal(3, replica.ReadDocuments().Count());
    }

    private const int DocumentFoldVersion = Edge.Sync.Projections.DocumentFold.Version;

    private static DocumentSchema Schema<T>() where T : class, IEdgeDocument<T> => T.Schema;

    /// <summary>What a replica reads that has only the store is what the whole log folds to.</summary>
    private static void AssertEqualsRebuild(IStore store)
    {
        var fresh = new Replica(store, TimeProvider.System, new SeededRandom(7), TimeSpan.FromMinutes(5), TestKeys.Public);
        var rebuilt = fresh.Rebuild();
        var stored = fresh.ReadDocuments().ToDictionary();
        Assert.Equal(rebuilt.Keys.Order(), stored.Keys.Order());
        foreach (var (key, state) in rebuilt)
            Assert.Equal(DocumentCodec.Write(state), stored[key]);
    }
}
