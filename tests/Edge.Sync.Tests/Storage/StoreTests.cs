using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Storage;

/// <summary>What every store must do. Each one passes this suite as it is.</summary>
public abstract partial class StoreTests : IDisposable
{
    private readonly List<IStore> _stores = [];

    /// <summary>A store that is empty.</summary>
    private protected abstract IStore Create(EdgeRandom random);

    private (IStore Store, Replica Replica) CreateReplica(int seed)
    {
        var random = new SeededRandom(seed);
        var store = Create(random);
        _stores.Add(store);
        return (store, new(store, new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), random, TimeSpan.FromMinutes(5), TestKeys.Public));
    }

    public void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
        DisposeFiles();
        GC.SuppressFinalize(this);
    }

    private protected virtual void DisposeFiles() { }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));

    private static DocumentKey KeyOf(string name) => new("job", DocumentId.Named(name));

    private static readonly string[] s_names = [.. Enumerable.Range(0, 5).Select(static i => $"{i}")];

    /// <summary>The slow and obviously right way: every change whose body names the document.</summary>
    private static List<StoredChange> Scan(IStore store, DocumentKey key, long after) => [.. store.ReadChanges(after, int.MaxValue).Where(stored =>
    {
        var change = Change.Parse(stored.Bytes);
        return ChangeCodec.ReadSections(change.Body).Any(section => DocumentSection.Read(section, new(change.Header.Replica, change.Header.First), change.Header.Count, NoKeys.Instance)?.Key == key);
    })];
}

public sealed class MemoryStoreTests : StoreTests
{
    private protected override IStore Create(EdgeRandom random) => new MemoryStore(random.NextReplicaId(), Changes.Database);
}

public sealed class SqliteStoreTests : StoreTests
{
    private readonly TempFolder _folder = new();
    private int _count;

    private protected override IStore Create(EdgeRandom random) => SqliteStore.Open(_folder[$"{_count++}.db"], "tests", random);

    private protected override void DisposeFiles() => _folder.Dispose();
}
