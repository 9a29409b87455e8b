using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;

namespace Edge.Sync.Tests.Simulation;

/// <summary>One replica with a session to each of the others. The store outlives a crash, as far as it was synced.</summary>
internal sealed class SimulatedNode
{
    private readonly MemoryStore _store;
    private readonly TimeProvider _clock;
    private readonly EdgeRandom _random;
    private readonly SyncLimits _limits;

    public SimulatedNode(int number, DatabaseId database, TimeProvider clock, EdgeRandom random, SyncLimits limits)
    {
        (Number, _clock, _random, _limits) = (number, clock, random, limits);
        _store = new(random.NextReplicaId(), database);
        Replica = NewReplica();
    }

    public int Number { get; }

    public Replica Replica { get; private set; }

    public Dictionary<int, SyncSession> Sessions { get; } = [];

    /// <summary>What came over each link before its seal.</summary>
    public Dictionary<int, WaitingRoom> Rooms { get; } = [];

    /// <summary>The counter of this node's newest own operation that survives a power cut.</summary>
    public ulong SyncedOwn { get; private set; }

    /// <summary>Own edits that a power cut took, none of which had left the device.</summary>
    public int LostEdits { get; private set; }

    /// <summary>Amounts added to the counter of each document, under the dot of the change that did it.</summary>
    public SortedDictionary<ulong, (DocumentId Document, long Amount)> Added { get; } = [];

    public void Connect(int peer) => (Sessions[peer], Rooms[peer]) = (new(_store.Database, _store.Replica, _limits), new());

    /// <summary>What survives a power cut: all that sessions may speak of.</summary>
    public LogVersion Synced { get; private set; } = LogVersion.Empty;

    public void Sync()
    {
        Synced = Replica.Sync();
        SyncedOwn = Replica.Log.Held[_store.Replica];
    }

    /// <summary>False where the document is purged, or parts of it have not come: then nothing is written.</summary>
    public bool Edit(DocumentId id, Action<Job> edit, long added)
    {
        Replica.Begin();
        try
        {
            Replica.Edit(draft => edit(Attach<Job>(draft.Open(SchemaOf<Job>(), id))));
            Added[Replica.Log.Held[_store.Replica]] = (id, added);
            return true;
        }
        catch (EdgeDocumentException) { return false; }
        finally { Replica.Commit(); }
    }

    public void Purge(DocumentId id)
    {
        Replica.Begin();
        Replica.Purge(new(SchemaOf<Job>().Collection, id));
        Replica.Commit();
    }

    /// <summary>Power off, power on: what was not synced is gone, and so is all that was only in memory.</summary>
    public void Crash()
    {
        _store.CutPower();
        foreach (var counter in Added.Keys.Where(counter => counter > SyncedOwn).ToList())
        {
            Added.Remove(counter);
            LostEdits++;
        }
        Replica = NewReplica();
    }

    private Replica NewReplica() => new(_store, _clock, _random, TimeSpan.FromMinutes(5), TestKeys.Public);

    private static T Attach<T>(FieldStore store) where T : class, IEdgeDocument<T> => T.Attach(store);

    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;
}
