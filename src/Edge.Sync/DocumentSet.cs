using System.ComponentModel;
using Edge.Sync.Documents;
using Edge.Sync.Projections.Queries;

namespace Edge.Sync;

/// <summary>The documents of one collection: edit them, find them, query them. Safe for use by several threads at once.</summary>
/// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
public sealed class DocumentSet<T> : DocumentQuery<T> where T : class, IEdgeDocument<T>
{
    internal DocumentSet(EdgeDatabase database, EditOptions options) : base(database, new QueryPlan(T.Schema), options) { }

    /// <summary>The same documents, whose edits are written with <paramref name="options"/>.</summary>
    public DocumentSet<T> With(EditOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(Database, options);
    }

    /// <summary>Edits a document, or makes it where it is not there: one callback, one atomic change, offline too.</summary>
    /// <param name="id">The document.</param>
    /// <param name="edit">
    /// Runs exactly once, on the writer, in commit order, never on the UI thread; it must not block. Where it throws, nothing is written and the
    /// exception passes as it is. The document it gets is dead afterwards.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the callback has begun, the change stands.</param>
    /// <returns>The receipt of a change that is committed.</returns>
    /// <exception cref="EdgeStorageException">The change could not be stored; nothing of it was.</exception>
    public Task<Receipt> EditAsync(DocumentId id, Action<T> edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return EditAsync(id, edit, static (document, edit) => edit(document), cancellationToken);
    }

    /// <summary>As <see cref="EditAsync(DocumentId, Action{T}, CancellationToken)"/>, with a state that spares a closure: <c>EditAsync(id, minutes, static (job, m) => job.Minutes.Add(m))</c>.</summary>
    public Task<Receipt> EditAsync<TState>(DocumentId id, TState state, Action<T, TState> edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        return Database.EditAsync(id, state, edit, Options, cancellationToken);
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task<Receipt> EditAsync(DocumentId id, Func<T, Task> edit, CancellationToken cancellationToken = default) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task<Receipt> EditAsync<TState>(DocumentId id, TState state, Func<T, TState, Task> edit, CancellationToken cancellationToken = default) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    /// <summary>Adds a document that was made with <c>new</c>, under a new id, which the receipt tells.</summary>
    public Task<Receipt> AddAsync(T document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var id = Database.NewId();
        return Database.WriteAsync(id, draft => DetachedFields.CopyTo(document.Store, draft.Open(T.Schema, id)), T.Schema, Options, cancellationToken);
    }

    /// <summary>Deletes a document: it goes from queries on every replica. Its fields stay, for <see cref="RestoreAsync"/>.</summary>
    /// <remarks>An edit that was made without knowing of it brings the document back, unless the class says <see cref="DeletePolicy.DeleteWins"/>.</remarks>
    public Task<Receipt> DeleteAsync(DocumentId id, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(id, draft => draft.Delete(T.Schema, id), T.Schema, Options, cancellationToken);

    /// <summary>Brings back a document that was deleted, with all its fields, on every replica. Writes nothing where it is there, or never was.</summary>
    public Task<Receipt> RestoreAsync(DocumentId id, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(id, draft => draft.Restore(T.Schema, id), T.Schema, Options, cancellationToken);

    /// <summary>Claims what a document's properties with <see cref="UniqueClaimAttribute"/> hold, where nobody bears it, and deepens what it bears: a claim that does not know of this one then loses. Call it once peers have the
    /// document, and for documents that are older than the attribute. Writes nothing for names that another document bears.</summary>
    public Task<Receipt> ConfirmClaimsAsync(DocumentId id, CancellationToken cancellationToken = default) =>
        Database.WriteAsync(id, draft => Machines.NameClaims.Confirm(draft, T.Schema, id), T.Schema, Options, cancellationToken);

    /// <summary>
    /// Erases a document for good: here before this returns, elsewhere as soon as the replica has synced. Its fields, its history, its row, its conflicts and undo steps go, and the bytes
    /// leave the file. There is no way back, and its id cannot be used again in this collection. It does not matter whether the document is known here.
    /// </summary>
    /// <remarks>
    /// <para>What stays: that changes named this document (its id and collection), when and by whom, each one's hash, and intents. What was copied elsewhere before, backups above all, keeps the content.</para>
    /// <para>The file is written anew, so it takes as long as copying it. An edit of the document by somebody who does not know of the purge has no effect.</para>
    /// </remarks>
    /// <returns>The receipt; its change is null where the document was purged before.</returns>
    /// <exception cref="EdgeStorageException">The purge could not be stored, or its bytes could not be taken out of the file yet; then that is tried again by itself.</exception>
    public Task<Receipt> PurgeAsync(DocumentId id, CancellationToken cancellationToken = default) => Database.PurgeAsync(T.Schema.Collection, id, Options, cancellationToken);

    /// <summary>
    /// Forgets a document of a class with <see cref="EdgeDocumentAttribute.Forgettable"/>: all that <see cref="PurgeAsync"/> does, and its keys are destroyed, here before this returns and elsewhere as soon as the
    /// replica has synced. Without them every copy of what was written is unreadable, wherever it is: in a backup whose key file is gone or newer than this, in an export, on the wire.
    /// </summary>
    /// <remarks>A replica that never syncs again keeps its keys, and what was read or printed stays known. An edit by somebody who does not know of it has no effect once both meet.</remarks>
    /// <returns>The receipt; its change is null where the document was erased before.</returns>
    /// <exception cref="InvalidOperationException">The class is not forgettable.</exception>
    /// <exception cref="EdgeDocumentException">Parts of the document were written without encryption (<see cref="EdgeErrorCode.DocumentNotEncrypted"/>): purge it instead.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored; or it is, and keys or bytes could not be taken off the medium yet; then that is tried again by itself.</exception>
    public Task<Receipt> ForgetAsync(DocumentId id, CancellationToken cancellationToken = default) => Database.ForgetAsync(T.Schema, id, Options, cancellationToken);

    /// <summary>
    /// Frees what a document takes on this device, as far as a replica that keeps everything has all of it. It is not shown and cannot be edited here until <see cref="FetchAsync"/> has brought it back; elsewhere nothing
    /// changes. What others write to it meanwhile arrives and is kept.
    /// </summary>
    /// <remarks>Fields that stay on this device stay, and are shown again once it is back; its undo steps go. The file is written anew, so it takes as long as copying it: to evict many, use a query's <see cref="DocumentQuery{T}.EvictAsync"/>.</remarks>
    /// <returns>False where there was nothing of it to free.</returns>
    /// <exception cref="EdgeDocumentException">
    /// Nothing was freed: it has changes that are not elsewhere yet (<see cref="EdgeErrorCode.UnsentChanges"/>), no keeper is known to hold all of it (<see cref="EdgeErrorCode.NoKeeper"/>), or the file was not
    /// made with <see cref="EdgeDatabaseOptions.MayEvict"/> (<see cref="EdgeErrorCode.FileKeepsAll"/>).
    /// </exception>
    /// <exception cref="EdgeStorageException">It could not be stored; or it is, and its bytes could not be taken out of the file yet; then that is tried again by itself.</exception>
    public Task<bool> EvictAsync(DocumentId id, CancellationToken cancellationToken = default) => Database.EvictAsync(T.Schema.Collection, id, cancellationToken);

    /// <summary>Brings an evicted document back from connected peers, and waits until it is whole. At once where it is.</summary>
    /// <returns>A snapshot of it; null where there is none: it was deleted, or never was.</returns>
    /// <exception cref="EdgeDocumentException">
    /// No peer is connected (<see cref="EdgeErrorCode.NoPeer"/>), or all that are connected lack parts of it (<see cref="EdgeErrorCode.DocumentUnavailable"/>). The wish stands, also if the wait is cancelled: it comes
    /// with the next sync that has it. <see cref="EvictAsync(DocumentId, CancellationToken)"/> takes it back.
    /// </exception>
    public async Task<T?> FetchAsync(DocumentId id, CancellationToken cancellationToken = default)
    {
        await Database.FetchAsync(T.Schema.Collection, id, cancellationToken).ConfigureAwait(false);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An immutable snapshot of a document, or null where there is none.</summary>
    public Task<T?> FindAsync(DocumentId id, CancellationToken cancellationToken = default) => Database.FindAsync<T>(id, cancellationToken);

    /// <summary>An immutable snapshot of the document that a reference points to; null where it points to none, or dangles: the document was deleted, or has not arrived yet.</summary>
    public Task<T?> FindAsync(Reference<T> reference, CancellationToken cancellationToken = default) => FindAsync(reference.Id, cancellationToken);

    /// <summary>One document that stays up to date and can be edited in place, for binding to a form. Loads in the background. Dispose it.</summary>
    /// <param name="id">The document; it need not be there yet.</param>
    /// <param name="context">Where it changes; null for the context that is current where this is called.</param>
    public LiveDocument<T> ToLive(DocumentId id, SynchronizationContext? context = null) => new(
        Database.Scheduler, context ?? SynchronizationContext.Current, id, Database.NewLiveEdits(T.Schema, Options), reader => ReadFeed(Plan with { Id = id }, reader));
}
