using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Forgetting;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Simulation;

/// <summary>One replica with a session to each of the others. The store outlives a crash, as far as it was synced.</summary>
internal sealed class SimulatedNode
{
    private static ulong s_instance;

    private MemoryStore _store;
    private readonly MemoryKeyStore _keys;
    private readonly TimeProvider _clock;
    private readonly EdgeRandom _random;
    private readonly SyncLimits _limits;

    public SimulatedNode(int number, DatabaseId database, TimeProvider clock, EdgeRandom random, SyncLimits limits, bool mayEvict = false)
    {
        (Number, _clock, _random, _limits) = (number, clock, random, limits);
        _store = new(random.NextReplicaId(), database, mayEvict);
        _keys = new((UInt128)number);
        Replica = NewReplica();
    }

    /// <summary>A node on a copy of another one's file, as a power cut would leave it.</summary>
    public SimulatedNode(int number, SimulatedNode original, EdgeRandom random)
    {
        (Number, _clock, _random, _limits) = (number, original._clock, random, original._limits);
        _store = original._store.Copy();
        _keys = new((UInt128)number);
        Replica = NewReplica();
    }

    public int Number { get; }

    /// <summary>This opening of its file.</summary>
    public ulong Instance { get; private set; }

    public Replica Replica { get; private set; }

    public Dictionary<int, SyncSession> Sessions { get; } = [];

    /// <summary>What came over each link before its seal.</summary>
    public Dictionary<int, WaitingRoom> Rooms { get; } = [];

    public void Connect(int peer) => (Sessions[peer], Rooms[peer]) = (new(_store.Database, _store.Replica, Instance, _limits), new());

    /// <summary>What survives a power cut: all that sessions may speak of.</summary>
    public LogVersion Synced { get; private set; } = LogVersion.Empty;

    public void Sync() => Synced = Replica.Sync();

    /// <returns>The id of the change; null where the document is purged, or parts of it are not here.</returns>
    public ChangeId? TryEdit(Action<Sync.Documents.ChangeDraft> edit)
    {
        Replica.Begin();
        try { return Replica.Edit(edit); }
        catch (EdgeDocumentException e) when (e.Code is EdgeErrorCode.DocumentPurged or EdgeErrorCode.DocumentIncomplete) { return null; }
        finally { Replica.Commit(); }
    }

    public bool MayEvict => _store.MayEvict;

    /// <summary>Whether it was evicted: only where a keeper is known to have all of it.</summary>
    public bool TryEvict(DocumentKey key)
    {
        Replica.Begin();
        var verdict = Replica.TryEvict(key);
        Replica.Commit();
        return verdict == EvictionVerdict.Evicted;
    }

    /// <summary>How many of its sections are missing.</summary>
    public int Want(DocumentKey key)
    {
        Replica.Begin();
        var missing = Replica.Want(key);
        Replica.Commit();
        return missing;
    }

    public void Purge(DocumentKey key)
    {
        Replica.Begin();
        Replica.Purge(key);
        Replica.Commit();
    }

    /// <summary>Rejects one of the changes that it holds. False where that is void already.</summary>
    public bool Reject(Random random)
    {
        var held = _store.ReadChanges(0, int.MaxValue);
        if (held.Count == 0) return false;
        Replica.Begin();
        var id = Replica.Reject(held[random.Next(held.Count)].Id, "simulated");
        Replica.Commit();
        return id is not null;
    }

    /// <summary>What is void here.</summary>
    public HashSet<ChangeId> Void() => [.. _store.ReadChanges(0, int.MaxValue).Where(static stored => Change.ParseStored(stored.Bytes).IsVoid).Select(static stored => stored.Id)];

    /// <summary>What it holds.</summary>
    public HashSet<ChangeId> Ids() => [.. _store.ReadChanges(0, int.MaxValue).Select(static stored => stored.Id)];

    /// <summary>Edits a document that is written encrypted. Null where that is forgotten, or cannot be read so far.</summary>
    public ChangeId? TryEditPatient(DocumentId id, string word, long added)
    {
        Replica.Begin();
        try
        {
            return Replica.Edit(draft =>
            {
                var patient = Attach<Patient>(draft.Open(SchemaOf<Patient>(), id));
                patient.Visits.Add(added);
                patient.Name = word;
                patient.Notes.Append(word);
            });
        }
        // Sections come without their bytes from who has heard of the record already, ahead of the record.
        catch (EdgeDocumentException e) when (e.Code is EdgeErrorCode.DocumentForgotten or EdgeErrorCode.KeysMissing or EdgeErrorCode.DocumentIncomplete) { return null; }
        finally { Replica.Commit(); }
    }

    public void Forget(DocumentId id)
    {
        Replica.Begin();
        Replica.Forget(new(SchemaOf<Patient>().Collection, id));
        Replica.Commit();
    }

    /// <summary>Whether any key of a document is left on this node.</summary>
    public bool HasKeys(DocumentId id) => _keys.HasKeys(new(SchemaOf<Patient>().Collection, id));

    /// <summary>Power off, power on: what was not synced is gone, and so is all that was only in memory.</summary>
    public void Crash()
    {
        _store.CutPower();
        Replica = NewReplica();
    }

    /// <summary>A copy of the file, as a power cut would leave it.</summary>
    public MemoryStore Backup() => _store.Copy();

    /// <summary>Puts an older copy of the file in its place.</summary>
    public void Restore(MemoryStore backup)
    {
        _store = backup.Copy();
        Replica = NewReplica();
    }

    private Replica NewReplica()
    {
        Instance = Interlocked.Increment(ref s_instance);
        var replica = new Replica(_store, _clock, _random, TimeSpan.FromMinutes(5), TestKeys.Public, keys: new KeyRing(_keys));
        Synced = replica.Sync();
        return replica;
    }

    private static T Attach<T>(FieldStore store) where T : class, IEdgeDocument<T> => T.Attach(store);

    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;
}
