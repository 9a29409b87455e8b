using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Storage;
using Edge.Sync.Telemetry;
using Edge.Sync.Trust;
using Edge.Sync.Trust.Content;

namespace Edge.Sync;

/// <summary>The log of an open database, as sync sessions see it: every call is a turn of the writer.</summary>
internal sealed class DatabaseSyncLog(EdgeDatabase.Opened opened, DatabaseTelemetry? telemetry = null, SyncGuest? guest = null) : ISyncLog
{
    public ReplicaId Replica => opened.ReplicaId;

    public ulong Instance => opened.Instance;

    public DatabaseId Database => opened.DatabaseId;

    public PublicKey? Key { get; } = PublicKey.OfP256(opened.Key.PublicKey.Span);

    public ISyncLog Enter(SyncGuest entering)
    {
        opened.Replica.Guests.Add(entering);
        return new DatabaseSyncLog(opened, telemetry, entering);
    }

    public void Leave()
    {
        if (guest is not null) opened.Replica.Guests.Remove(guest);
    }

    public Task MeetAsync(PublicKey key, CancellationToken cancellationToken)
    {
        if (guest is null) return Task.CompletedTask;
        guest.Key = key;
        return opened.Replica.Rules.IsEmpty ? Task.CompletedTask : opened.Writer.RunAsync(replica => { replica.Reconsider(guest); return true; }, cancellationToken);
    }

    public async Task<LogVersion> SyncAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (version, due, isDone) = await opened.Writer.RunAloneAsync(static replica => replica.PlanSync(), cancellationToken).ConfigureAwait(false);
            if (isDone) return version;
            // Off the writer: a key in hardware may take a tenth of a second for each.
            var seals = await Seal.SignAsync(opened.Key, Database, due, cancellationToken).ConfigureAwait(false);
            if (await opened.Writer.RunAloneAsync(replica => replica.Sync(version, seals), cancellationToken).ConfigureAwait(false) is { } synced) return synced;
        }
    }

    public Task<(List<StoredChange> Changes, long Cursor)> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.ReadChanges(request), cancellationToken);

    public Task<ApplyOutcome> ApplyAsync(WaitingRoom room, ReceivedChange[] changes, CancellationToken cancellationToken) => DatabaseTelemetry.IsTraced
        ? ApplyTracedAsync(room, changes, cancellationToken)
        : opened.Writer.RunAsync(replica => replica.Receive(room, changes, guest), cancellationToken);

    private async Task<ApplyOutcome> ApplyTracedAsync(WaitingRoom room, ReceivedChange[] changes, CancellationToken cancellationToken)
    {
        using var activity = telemetry?.Start("apply");
        activity?.SetTag("changes", changes.Length);
        return await opened.Writer.RunAsync(replica => replica.Receive(room, changes, guest), cancellationToken).ConfigureAwait(false);
    }

    public Task<Dot[]> ResolveAsync(FeedEnd[] claims, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.Log.Resolve(claims), cancellationToken);

    // Others may not evict: for them it costs nothing.
    public Task NoteAsync(KeeperNote note, CancellationToken cancellationToken) =>
        opened.Replica.Store.MayEvict ? opened.Writer.RunAloneAsync(replica => { replica.Note(note); return true; }, cancellationToken) : Task.CompletedTask;

    public Task<WantedSections> ReadWantedAsync(WantedPlace after, int countMax, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.ReadWanted(after, countMax), cancellationToken);

    public Task<List<ReceivedSection>> ReadSectionsAsync(SectionName[] names, int bytesMax, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.ReadSections(names, bytesMax), cancellationToken);

    public Task<FillOutcome> FillAsync(ReceivedSection[] sections, CancellationToken cancellationToken) =>
        opened.Writer.RunAsync(replica => replica.Fill(sections), cancellationToken);

    public IEnumerable<ContentKey> FindKeys(IReadOnlyList<StoredChange> changes) => opened.Replica.Keys.FindAll(changes);

    public IEnumerable<ContentKey> FindKeys(IReadOnlyList<ContentKeyId> keys) => keys.Select(opened.Replica.Keys.Find).OfType<ContentKey>();

    public Task<IReadOnlyList<ContentKeyId>> ReadMissingKeysAsync(ContentKeyId after, int countMax, CancellationToken cancellationToken) =>
        opened.Writer.RunAloneAsync(replica => replica.ReadMissingKeys(after, countMax), cancellationToken);

    public Task TakeKeysAsync(WaitingRoom room, ContentKey[] keys, CancellationToken cancellationToken) =>
        opened.Writer.RunAsync(replica => { replica.TakeKeys(room, keys); return true; }, cancellationToken);
}
