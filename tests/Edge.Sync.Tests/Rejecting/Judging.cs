using Edge.Sync.Log;
using Edge.Sync.Storage;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>Rejects and accepts on replicas in memory.</summary>
internal static class Judging
{
    public static ChangeId? Reject(Replica replica, ChangeId id, string reason = "wrong")
    {
        replica.Begin();
        try { return replica.Reject(id, reason); }
        finally { replica.Commit(); }
    }

    /// <summary>All changes with the ids of what they follow: where a feed has forked, names alone do not tell.</summary>
    public static List<StoredChange> ReadAllTold(this Replica replica)
    {
        replica.Sync();
        return replica.ReadChanges(new(new(), -1, int.MaxValue, Tells: true)).Changes;
    }

    public static ChangeId Accept(Replica replica)
    {
        replica.Begin();
        var id = replica.Accept();
        replica.Commit();
        return id;
    }

    public static ChangeId Edit<T>(Replica replica, DocumentId id, Action<T> edit) where T : class, IEdgeDocument<T>
    {
        replica.Begin();
        var change = replica.Edit(draft => edit(Changes.Attach<T>(draft, id)));
        replica.Commit();
        return change!.Value;
    }

    public static void Meet(Replica a, Replica b)
    {
        Changes.Push(a, b);
        Changes.Push(b, a);
    }

    public static void AssertSame(Replica expected, Replica actual)
    {
        Assert.Equal(expected.ComputeStateHash(), actual.ComputeStateHash());
        AssertRebuilt(actual);
    }

    /// <summary>What is stored is what the whole log folds to.</summary>
    public static void AssertRebuilt(Replica replica)
    {
        var rebuilt = replica.Rebuild();
        foreach (var (key, state) in replica.ReadDocuments())
            Assert.Equal(Edge.Sync.Documents.DocumentCodec.Write(rebuilt[key]), state);
        foreach (var field in rebuilt.Values.SelectMany(static state => state.Fields.Select(static field => field.Value))) field.Check();
    }

    public static T Read<T>(Replica replica, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(FieldStore.Snapshot(T.Schema, StateOf<T>(replica, id)));

    public static Edge.Sync.Documents.DocumentState StateOf<T>(Replica replica, DocumentId id) where T : class, IEdgeDocument<T>
    {
        var key = new DocumentKey(T.Schema.Collection, id);
        return Edge.Sync.Documents.DocumentCodec.Read(key, replica.ReadDocuments().Single(document => document.Key == key).State);
    }

    public static bool Exists<T>(Replica replica, DocumentId id) where T : class, IEdgeDocument<T> => StateOf<T>(replica, id).Existence.Exists;

    /// <summary>Which changes are void by the words of the rule: those that a change rejects which is not void itself. Nobody has accepted anything.</summary>
    public static HashSet<ChangeId> VoidOf(Replica replica)
    {
        var rejections = replica.Store.ReadChanges(0, int.MaxValue).SelectMany(stored =>
            (Edge.Sync.Projections.DocumentFold.ReadRecords(Change.ParseStored(stored.Bytes), out _) ?? []).OfType<Edge.Sync.Log.Records.RejectRecord>().Select(record => (By: stored.Id, record.ChangeId))).ToList();
        return [.. rejections.Select(static rejection => rejection.ChangeId).Where(IsVoid)];

        bool IsVoid(ChangeId id) => rejections.Exists(rejection => rejection.ChangeId == id && !IsVoid(rejection.By));
    }
}
