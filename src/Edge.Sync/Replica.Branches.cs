using Edge.Sync.Live;
using Edge.Sync.Log;

namespace Edge.Sync;

/// <summary>
/// Feeds that fork, because a file was copied or rolled back and both files wrote: what each wrote is a branch, and counts. See docs/decisions/0013-copied-files.md.
/// </summary>
internal sealed partial class Replica
{
    private readonly List<CommittedDocument> _rebuilt = [];

    /// <summary>Gives a change from elsewhere the names that it has here; where it shows that a feed has forked, what is held of that gets its new names first.</summary>
    private Change PutInPlace(Change change, ChangeId id, ChangeId[] past, Place place)
    {
        if (place.Splits is { } branch)
        {
            Split(place.Before, branch);
            place = Log.Locate(change, past, id);
        }
        if (place.Own != place.Before.Replica) Log.Tree.Add(place.Before.Replica, place.Before.Counter, place.Own);
        return Log.Tree.IsEmpty ? change : change.With(Log.Tree.NamesOf(change, place.Before, place.Dependencies, place.Own, Log.Tree.SeenBy(place.Before, place.Dependencies, place.Own)));
    }

    /// <summary>Takes a fresh replica id: somebody else has written under this file's own, so it is a copy, or has one, or was rolled back. What it wrote stays as it is.</summary>
    private void LeaveFeed()
    {
        var fresh = _random.NextReplicaId();
        Log.Leave(fresh);
        _store.ChangeReplica(fresh);
        _seals = null;
    }

    private void Split(Dot before, ReplicaId branch)
    {
        // What the open transaction has edited goes to the store first: documents are read from there anew.
        _rebuilt.AddRange(_documents.WriteChanged(_projector));
        _group.Clear();
        ForgetGraph();
        Log.Split(before, branch);
        _store.Split(before, branch, Log);
        var keys = new HashSet<DocumentKey>();
        RenameChanges(before, branch, keys);
        foreach (var key in keys)
        {
            _documents.Rebuild(key, _projector);
            RebuildEvents(key);
            _documents.Trim();
            _rebuilt.Add(new(key, Fields: null, ExistenceChanged: true));
        }
        _seals = null;
    }

    /// <summary>Goes through the log once, and gives each change its names by what is in its past.</summary>
    /// <param name="before">Where a feed has forked.</param>
    /// <param name="branch">What is held behind that is called so from now on.</param>
    /// <param name="keys">Gets the documents that are spoken of in changes with new names.</param>
    private void RenameChanges(Dot before, ReplicaId branch, HashSet<DocumentKey> keys)
    {
        Log.Tree.ForgetSeen();
        foreach (var batch in ReadLog())
            foreach (var stored in batch)
            {
                var old = Change.ParseStored(stored.Bytes);
                var own = Named(old.Header.Last);
                var previous = Named(old.Before);
                var dependencies = Array.ConvertAll(old.Header.Dependencies, Named);
                var seen = Log.Tree.SeenBy(previous, dependencies, own.Replica);
                Log.Tree.Note(own, previous, seen);
                var change = old.With(Log.Tree.NamesOf(old, previous, dependencies, own.Replica, seen));
                var bytes = change.StoredBytes;
                if (bytes.Span.SequenceEqual(stored.Bytes.Span)) continue;
                _store.ReplaceChanges([stored with { Bytes = bytes }]);
                CollectKeys(change, keys);
            }

        Dot Named(Dot dot) => dot.Replica == before.Replica && dot.Counter > before.Counter ? dot with { Replica = branch } : dot;
    }

    private static void CollectKeys(Change change, HashSet<DocumentKey> keys)
    {
        var reader = new BodyReader(change.Body);
        while (reader.Read())
            if (reader.Envelope.NamesDocument) keys.Add(reader.Envelope.Document);
    }

    private void NoteSeen(Change change) => Log.Tree.Note(change.Header.Last, change.Before, Log.Tree.SeenBy(change.Before, change.Header.Dependencies, change.Header.Replica));

    private void WriteBranches()
    {
        if (!Log.Tree.IsDirty) return;
        _store.WriteBranches(Log.Tree.ToBytes());
        Log.Tree.IsDirty = false;
    }
}
