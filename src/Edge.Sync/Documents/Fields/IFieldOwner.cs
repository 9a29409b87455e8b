using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What CRDTs lie in: a document or an object, by slot; the entry of a map.</summary>
internal interface IFieldOwner
{
    /// <summary>The replica that reads and writes here; all zeros where it is not known.</summary>
    ReplicaId Self { get; }

    /// <summary>The state of a field; null where nothing of that kind was ever written. It may be another object after each write.</summary>
    CrdtState? Find(int slot, CrdtKind kind);

    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    IDeltaSink Writable(int slot);

    /// <summary>Joins a delta that a mutator has just made, by the same code as one from a peer, and records it.</summary>
    void Commit(IDeltaSink sink, int slot, Delta delta);
}
