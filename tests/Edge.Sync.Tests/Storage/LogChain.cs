using Edge.Sync.Log;
using Edge.Sync.Tests.Database;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests.Storage;

/// <summary>Recomputes every id of a log from its bytes alone.</summary>
internal sealed class LogChain : IChangeIndex
{
    private readonly Dictionary<Dot, ChangeId> _ids = [];

    public static async Task AssertValidAsync(EdgeDatabase database)
    {
        var changes = await Exchange.ReadAllAsync(database);
        var opened = await database.OpenedAsync(default);
        var chain = new LogChain();
        var log = new ChangeLog(opened.DatabaseId, opened.ReplicaId, opened.Replica.Log.Key, chain);
        foreach (var stored in changes)
        {
            var change = Change.ParseStored(stored.Bytes);
            var admission = log.Admit(change);
            Assert.Equal(AdmissionVerdict.Accepted, admission.Verdict);
            Assert.Equal(stored.Id, admission.Id);
            chain._ids.Add(stored.Last, stored.Id);
            log.Append(change, admission.Id);
        }
        Assert.Equal(log.ToVersion(0).Fingerprint, opened.Replica.Log.ToVersion(0).Fingerprint);
        Assert.Equal(log.Heads, opened.Replica.Log.Heads);
    }

    public bool TryGetOwner(ReplicaId replica, out PublicKey owner) => throw new NotSupportedException("Ids depend on no owner.");

    public bool TryGetNext(Dot before, out Dot last, out ChangeId id) => throw new NotSupportedException("What is held is not put in its place.");

    public bool TryGetChangeId(Dot last, out ChangeId id) => _ids.TryGetValue(last, out id);
}
