namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>That an author had seen the first <paramref name="Count"/> deltas of <paramref name="Replica"/>, and all that these follow.</summary>
internal readonly record struct HistoryHead(ReplicaId Replica, int Count);
