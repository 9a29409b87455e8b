using Edge.Sync.Log;
using Edge.Sync.Trust;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Replication;

/// <summary>What a session's driver needs of the log. Safe for use by several threads at once.</summary>
internal interface ISyncLog
{
    /// <summary>The id that this replica writes under now.</summary>
    ReplicaId Replica { get; }

    /// <summary>This opening of the file: a number drawn at random, which no copy of the file has.</summary>
    ulong Instance { get; }

    DatabaseId Database { get; }

    /// <summary>This device's key; null where it is not told.</summary>
    PublicKey? Key => null;

    /// <summary>The log for a session with somebody whom the link knows; <see cref="Leave"/> ends that.</summary>
    ISyncLog Enter(SyncGuest guest) => this;

    /// <summary>The session is over.</summary>
    void Leave() { }

    /// <summary>The peer has said what its device's key is.</summary>
    Task MeetAsync(PublicKey key, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Seals what this replica wrote, makes all that is committed survive a power cut, and says what that is.</summary>
    Task<LogVersion> SyncAsync(CancellationToken cancellationToken);

    /// <summary>Reads changes that a peer lacks, never beyond the last <see cref="SyncAsync"/>.</summary>
    Task<(List<StoredChange> Changes, long Cursor)> ReadAsync(ReadRequest request, CancellationToken cancellationToken);

    /// <summary>Appends and folds what is new and sealed among <paramref name="changes"/> and those in <paramref name="room"/>, in one transaction.</summary>
    Task<ApplyOutcome> ApplyAsync(WaitingRoom room, ReceivedChange[] changes, CancellationToken cancellationToken);

    /// <summary>The keys that sections of <paramref name="changes"/> are encrypted with, as far as they are here.</summary>
    IEnumerable<ContentKey> FindKeys(IReadOnlyList<StoredChange> changes);

    /// <summary>Those of <paramref name="keys"/> that are here.</summary>
    IEnumerable<ContentKey> FindKeys(IReadOnlyList<ContentKeyId> keys);

    /// <summary>Keys that sections wait for here, ascending, after one.</summary>
    Task<IReadOnlyList<ContentKeyId>> ReadMissingKeysAsync(ContentKeyId after, int countMax, CancellationToken cancellationToken);

    /// <summary>Takes keys from a peer that sections wait for, durably; others are kept in <paramref name="room"/> for sections to come.</summary>
    Task TakeKeysAsync(WaitingRoom room, ContentKey[] keys, CancellationToken cancellationToken);

    /// <summary>Notes what a peer that never evicts has said: see <see cref="KeeperClaims"/>.</summary>
    Task NoteAsync(KeeperNote note, CancellationToken cancellationToken);

    /// <summary>Sections that are absent here and wanted, after a place.</summary>
    Task<WantedSections> ReadWantedAsync(WantedPlace after, int countMax, CancellationToken cancellationToken);

    /// <summary>What is here of the sections that a peer asks for, about <paramref name="bytesMax"/> bytes.</summary>
    Task<List<ReceivedSection>> ReadSectionsAsync(SectionName[] names, int bytesMax, CancellationToken cancellationToken);

    /// <summary>Puts in sections that were absent, in one transaction.</summary>
    Task<FillOutcome> FillAsync(ReceivedSection[] sections, CancellationToken cancellationToken);

    /// <summary>What of the log a peer holds that claims these feed ends: see <see cref="ChangeLog.Resolve"/>.</summary>
    Task<Dot[]> ResolveAsync(FeedEnd[] claims, CancellationToken cancellationToken);
}
