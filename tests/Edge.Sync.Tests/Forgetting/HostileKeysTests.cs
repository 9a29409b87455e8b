using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;
using MessagePack;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>A peer may send any keys, in any number: it gains nothing, and fills nothing.</summary>
public class HostileKeysTests
{
    private static readonly DocumentId s_ada = DocumentId.Named("ada");
    private static readonly DocumentKey s_key = new("patient", s_ada);

    [Fact]
    public void Key_that_no_section_names_is_not_kept()
    {
        var (author, target, room) = (NewAuthor(), Changes.NewReplica(2), new WaitingRoom());
        Deliver(author, target, room);
        var random = new SeededRandom(3);
        // Other keys of the document, and the true key under the name of another one: their ids are others.
        var truth = author.Keys.Find(target.ReadMissingKeys(default, 9).Single())!;
        ContentKey[] wrong = [.. Enumerable.Range(0, 50).Select(_ => ContentKey.Create(s_key, random)), ContentKey.Import(new("patient", DocumentId.Named("bob")), truth.Secret)];
        Take(target, room, wrong);
        Assert.Equal(0, target.Keys.Count);
        Assert.Single(target.ReadMissingKeys(default, 9));
        Take(target, room, [truth]);
        Assert.Equal(1, target.Keys.Count);
        Assert.Empty(target.ReadMissingKeys(default, 9));
        Assert.Equal(author.ComputeStateHash(), target.ComputeStateHash());
        // Nor does a second one take its place.
        Take(target, room, wrong);
        Assert.Equal(truth.Secret, target.Keys.Find(truth.Id)!.Secret);
        Assert.Equal(1, target.Keys.Count);
    }

    [Fact]
    public void Keys_that_nobody_asks_for_take_bounded_memory_and_no_place_in_the_file()
    {
        var (author, target, room) = (NewAuthor(), Changes.NewReplica(2), new WaitingRoom());
        var random = new SeededRandom(3);
        var offered = Enumerable.Range(0, WaitingRoom.KeysMax + 100).Select(i => ContentKey.Create(new("patient", DocumentId.Named($"{i}")), random)).ToArray();
        Take(target, room, offered);
        Assert.Equal(0, target.Keys.Count);
        Assert.InRange(offered.Count(key => room.TryTakeKey(key.Id, out _)), 1, WaitingRoom.KeysMax);
        Deliver(author, target, room);
        Assert.Single(target.ReadMissingKeys(default, 9));
    }

    [Fact]
    public void Keys_of_a_forgotten_document_are_neither_taken_nor_given()
    {
        var (author, target, room) = (NewAuthor(), Changes.NewReplica(2), new WaitingRoom());
        var keys = author.Keys.FindAll(author.Store.ReadChanges(0, int.MaxValue)).ToArray();
        target.Begin();
        target.Forget(s_key);
        target.Commit();
        Take(target, room, keys);
        Deliver(author, target, room);
        Take(target, room, keys);
        Assert.Equal(0, target.Keys.Count);
        Assert.Empty(target.Keys.FindAll(target.Store.ReadChanges(0, int.MaxValue)));
        Assert.Empty(target.ReadMissingKeys(default, 9));
    }

    [Theory]
    [InlineData(1025, 32, "patient")]
    [InlineData(1, 31, "patient")]
    [InlineData(1, 33, "patient")]
    [InlineData(1, 32, "edge_changes")]
    [InlineData(1, 32, "")]
    public void Malformed_keys_end_the_session_with_their_field(int count, int secretBytes, string collection)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.Write(SyncMessage.Keys);
        writer.WriteArrayHeader(count * 3);
        for (var i = 0; i < count; i++)
        {
            writer.Write(collection);
            writer.Write(s_ada.ToByteArray());
            writer.Write(new byte[secretBytes]);
        }
        writer.Flush();
        var session = new SyncSession(Changes.Database, new(1, 1), 1, new());
        session.Tick(DateTimeOffset.UnixEpoch);
        session.Receive(output.WrittenMemory);
        Assert.Equal(EdgeErrorCode.MalformedData, session.Fault!.Code);
        Assert.Contains("keys", session.Fault.Reason, StringComparison.Ordinal);
        Assert.False(session.TryTakeKeys(out _));
    }

    [Fact]
    public void Peer_that_asks_for_keys_without_end_is_answered_within_a_bound()
    {
        var session = Established(out var random);
        var keys = Enumerable.Range(0, 1024).Select(_ => ContentKey.Create(s_key, random)).ToArray();
        for (var i = 0; i < 100; i++)
            session.AnswerKeys(keys);
        var (frames, frame) = (0, new ArrayBufferWriter<byte>());
        for (; session.TryGenerate(frame); frames++) frame.ResetWrittenCount();
        Assert.InRange(frames, 8, 12);
    }

    [Fact]
    public void Missing_keys_are_asked_for_in_turns_and_not_more_often_than_they_may()
    {
        var session = Established(out _, new SyncLimits { KeysMax = 2 });
        var start = DateTimeOffset.UnixEpoch;
        Assert.True(session.TryTakeMissing(out var after, out var countMax));
        Assert.Equal((default, 2), (after, countMax));
        Assert.False(session.TryTakeMissing(out _, out _));
        session.Ask([new(1), new(2)]);
        session.Tick(start.AddSeconds(19), hasHeard: true);
        Assert.False(session.TryTakeMissing(out _, out _));
        session.Tick(start.AddSeconds(21), hasHeard: true);
        Assert.True(session.TryTakeMissing(out after, out _));
        Assert.Equal(new ContentKeyId(2), after);
        session.Ask([new(3)]);
        session.Tick(start.AddSeconds(42), hasHeard: true);
        Assert.True(session.TryTakeMissing(out after, out _));
        Assert.Equal(default, after);
    }

    /// <summary>What a medium that fails does to keys: none is lost that a commit needs, and no commit is there without its key.</summary>
    [Fact]
    public void Commit_whose_key_cannot_be_stored_fails_and_the_next_one_has_a_key()
    {
        var store = new FailingKeys();
        var random = new SeededRandom(1);
        var replica = new Replica(new MemoryStore(random.NextReplicaId(), Changes.Database), TimeProvider.System, random, TimeSpan.FromMinutes(5), TestKeys.Public, keys: new KeyRing(store));
        store.Fails = true;
        replica.Begin();
        Write(replica);
        Assert.Throws<EdgeStorageException>(() => replica.Commit());
        replica.Rollback();
        Assert.Empty(replica.Store.ReadChanges(0, int.MaxValue));
        store.Fails = false;
        replica.Begin();
        Write(replica);
        replica.Commit();
        Assert.Single(replica.Store.ReadChanges(0, int.MaxValue));
        Assert.Equal(1, replica.Keys.Count);
        Assert.Equal(replica.ComputeStateHash(), new Replica(replica.Store, TimeProvider.System, random, TimeSpan.FromMinutes(5), TestKeys.Public, keys: new KeyRing(store)).ComputeStateHash());
    }

    private static Replica NewAuthor()
    {
        var author = Changes.NewReplica(1);
        author.Begin();
        Write(author);
        author.Commit();
        return author;
    }

    private static void Write(Replica replica) => replica.Edit(draft => Changes.Attach<Patient>(draft, s_ada).Name = "Ada");

    private static void Deliver(Replica author, Replica target, WaitingRoom room)
    {
        target.Begin();
        Assert.Null(target.Receive(room, [.. Changes.AllSealed(author)]).Refused);
        target.Commit();
    }

    private static void Take(Replica target, WaitingRoom room, IReadOnlyList<ContentKey> keys)
    {
        target.Begin();
        target.TakeKeys(room, keys);
        target.Commit();
    }

    private static SyncSession Established(out SeededRandom random, SyncLimits? limits = null)
    {
        random = new(5);
        var session = new SyncSession(Changes.Database, new(1, 1), 1, limits ?? new());
        session.Tick(DateTimeOffset.UnixEpoch.AddTicks(1));
        session.OnVersion(LogVersion.Empty);
        var hello = new ArrayBufferWriter<byte>();
        SyncMessage.WriteHello(hello, new(Changes.Database, new(2, 2), 2, LogVersion.Empty.Fingerprint, HasHeard: true, KeeperState.Whole));
        session.Receive(hello.WrittenMemory);
        Assert.True(session.IsEstablished);
        return session;
    }

    private sealed class FailingKeys : IKeyStore
    {
        private readonly MemoryKeyStore _inner = new(1);

        public bool Fails { get; set; }

        public string Path => "failing";

        public KeyMark? Mark => _inner.Mark;

        public long Count => _inner.Count;

        public ContentKey? Find(ContentKeyId id) => _inner.Find(id);

        public ContentKey? FindOwn(DocumentKey document, ReplicaId author) => _inner.FindOwn(document, author);

        public bool HasKeys(DocumentKey document) => _inner.HasKeys(document);

        public IReadOnlyCollection<string> ReadCollections() => _inner.ReadCollections();

        public IReadOnlyCollection<DocumentKey> ReadForgotten() => _inner.ReadForgotten();

        public void Add(IReadOnlyCollection<(ContentKey Key, ReplicaId? Author)> keys)
        {
            if (Fails) throw new EdgeStorageException(EdgeErrorCode.StorageFull, Path, "full");
            _inner.Add(keys);
        }

        public void Forget(IReadOnlyCollection<DocumentKey> documents) => _inner.Forget(documents);

        public void CopyTo(string path) => _inner.CopyTo(path);

        public void Adopt() => _inner.Adopt();

        public void Dispose() => _inner.Dispose();
    }
}
