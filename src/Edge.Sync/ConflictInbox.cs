using Edge.Sync.Crdts;
using Edge.Sync.Crdts.Undo;
using Edge.Sync.Documents;
using Edge.Sync.Documents.Undo;
using Edge.Sync.Live;
using Edge.Sync.Machines;
using Edge.Sync.Projections;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>
/// What lost when edits met that did not know of each other: every concurrent value that is not shown, deletions that an edit has won over, edits that a
/// deletion has won over. Safe for use by several threads at once.
/// </summary>
/// <remarks>Each is there once, on every replica alike, and goes when somebody writes who knows both sides: by <see cref="RestoreAsync"/>, <see cref="DismissAsync"/> or any edit.</remarks>
public sealed class ConflictInbox
{
    private readonly EdgeDatabase _database;

    internal ConflictInbox(EdgeDatabase database) => _database = database;

    /// <summary>All conflicts, newest first.</summary>
    public Task<IReadOnlyList<Conflict>> ToListAsync(CancellationToken cancellationToken = default) => ReadAsync("", [], cancellationToken);

    /// <summary>The conflicts of one document, newest first.</summary>
    public Task<IReadOnlyList<Conflict>> ToListAsync(DocumentId documentId, CancellationToken cancellationToken = default) =>
        ReadAsync($"WHERE id = $1 OR rule = {(int)ConflictRule.NameTaken}", [documentId.ToByteArray()], cancellationToken, conflict => conflict.DocumentId == documentId);

    /// <summary>The conflicts now, and again after each commit that may have changed them. A slow reader gets the newest list and skips what it missed.</summary>
    public IAsyncEnumerable<IReadOnlyList<Conflict>> WatchAsync(CancellationToken cancellationToken = default) =>
        new FeedSequence<Row<Conflict>[], IReadOnlyList<Conflict>>(_database.Feeds, Read, Row<Conflict>.Values, cancellationToken);

    /// <summary>The conflicts as a list that stays up to date, newest first, for binding to a UI. Loads in the background. Dispose it.</summary>
    /// <param name="context">Where it changes; null for the context that is current where this is called.</param>
    public LiveList<Conflict> ToLiveList(SynchronizationContext? context = null) => new(
        _database.Scheduler, context ?? SynchronizationContext.Current, new LiveItems<Conflict>.Fixed(), reader =>
        {
            var feed = Read(reader);
            return () => _database.Feeds.Stop(feed, reader);
        });

    /// <summary>Makes what lost stand: writes the value that lost, deletes the document again, brings it back, or gives it the name that another bears, which then is what lost. Writes nothing where the conflict is settled by now.</summary>
    /// <param name="conflict">As it was read.</param>
    /// <param name="options">How the change is written; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the change has begun, it stands.</param>
    public Task<Receipt> RestoreAsync(Conflict conflict, EditOptions? options = null, CancellationToken cancellationToken = default) =>
        SettleAsync(conflict, takesLost: true, options, cancellationToken);

    /// <summary>Lets what is shown stand: writes it once more, knowing of both. Of a name that another bears: says no more that it is contested; the field keeps its text. Writes nothing where the conflict is settled by now.</summary>
    /// <inheritdoc cref="RestoreAsync"/>
    public Task<Receipt> DismissAsync(Conflict conflict, EditOptions? options = null, CancellationToken cancellationToken = default) =>
        SettleAsync(conflict, takesLost: false, options, cancellationToken);

    internal Feed<Row<Conflict>[]> Read(IFeedReader<Row<Conflict>[]> reader) => ConflictFeed.Read(
        _database.Feeds,
        async () =>
        {
            var opened = await _database.OpenedAsync(CancellationToken.None).ConfigureAwait(false);
            await _database.EnsureConflictsAsync(opened, CancellationToken.None).ConfigureAwait(false);
            return new(opened.Readers, opened.ReplicaId);
        },
        source => [.. source.Readers.Use(connection => Read(connection, "", [])).Select(static c => new Row<Conflict>((c.Key, c.Row.Dot), 0, c) { Content = c.Row.Shown })],
        reader);

    private Task<Receipt> SettleAsync(Conflict conflict, bool takesLost, EditOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        return _database.WriteAsync(conflict.DocumentId, change =>
        {
            if (conflict.Row.ToLostName() is { } name)
            {
                NameClaims.Decide(change, name, takesLost);
                return;
            }
            var draft = change.Open(conflict.Key);
            draft.Abandon();
            if (conflict.Rule is ConflictRule.LatestWins or ConflictRule.MergeRule) SettleValue(draft, conflict.Row, takesLost);
            else if (IsOpen(draft.State.Existence, conflict)) SettleExistence(draft, exists: takesLost == (conflict.Rule == ConflictRule.DeletionWins), conflict.Rule == ConflictRule.DeletionWins);
        }, schema: null, options ?? new(), cancellationToken);
    }

    private static bool IsOpen(ExistenceState existence, Conflict conflict)
    {
        if (conflict.Rule == ConflictRule.DeletionWins) return !existence.Exists && existence.Dots.Contains(conflict.Row.Dot);
        foreach (var deletion in existence.Deletions)
            if (deletion.Dot == conflict.Row.Dot) return existence.Exists;
        return false;
    }

    private static void SettleExistence(DocumentDraft draft, bool exists, bool deletionWins)
    {
        if (exists) draft.Touch();
        else draft.DeleteAgain(deletionWins);
    }

    private static void SettleValue(DocumentDraft draft, ConflictRow row, bool takesLost)
    {
        if (!draft.State.Existence.Exists) return;
        UndoTarget target = new DocumentTarget(draft, row.FieldId, new(), static _ => { });
        foreach (var key in row.Path) target = new MapTarget(target, key);
        var register = (RegisterState)target.State(CrdtKind.Register);
        if (register.Count < 2) return;
        // What a rule shows may be none of the values; what is shown without one is the latest, which is no conflict.
        foreach (var value in row.Rule == ConflictRule.MergeRule ? register.Values : register.Values[..^1])
        {
            if (value.Dot != row.Dot) continue;
            target.Commit(register.Set(target.Next, takesLost ? value.Value : row.Rule == ConflictRule.MergeRule && row.Shown is { } shown ? shown : register.Values[^1].Value));
            return;
        }
    }

    private async Task<IReadOnlyList<Conflict>> ReadAsync(string condition, object[] parameters, CancellationToken cancellationToken, Func<Conflict, bool>? isWanted = null)
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        await _database.EnsureConflictsAsync(opened, cancellationToken).ConfigureAwait(false);
        return await _database.Scheduler.RunAsync<IReadOnlyList<Conflict>>(() =>
        {
            var all = opened.Readers.Use(connection => Read(connection, condition, parameters));
            return isWanted is null ? all : [.. all.Where(isWanted)];
        }, cancellationToken).ConfigureAwait(false);
    }

    private List<Conflict> Read(SqliteConnection connection, string condition, object[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = ConflictTable.SelectSql(condition);
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        using var reader = command.ExecuteReader();
        var conflicts = new List<Conflict>();
        while (reader.Read())
        {
            var (key, row) = ConflictTable.Read(reader);
            if (row.ToLostName() is { } name) key = new(name.Collection, name.Loser);
            conflicts.Add(new(key, row, _database.FieldName(key.Collection, row.FieldId)));
        }
        return conflicts;
    }
}
