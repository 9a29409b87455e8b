using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Edge.Sync.Documents;
using Edge.Sync.Live;
using Edge.Sync.Telemetry;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private readonly Dictionary<DocumentSchema, Task> _registrations = [];

    /// <summary>The class that each table was made for last: two versions of a class may be used in one database.</summary>
    private readonly Dictionary<string, DocumentSchema> _tableOwners = new(StringComparer.Ordinal);

    /// <summary>Edits several documents in one atomic change.</summary>
    /// <param name="edit">Runs exactly once, on the writer, in commit order; where it throws, nothing is written and the exception passes as it is.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the callback has begun, the change stands.</param>
    /// <exception cref="EdgeStorageException">The change could not be stored; nothing of it was.</exception>
    public Task<Receipt> EditAsync(Action<ChangeBuilder> edit, CancellationToken cancellationToken = default) => EditAsync(edit, new(), cancellationToken);

    /// <summary>Edits several documents in one atomic change, which is undone as one.</summary>
    /// <param name="edit">Runs exactly once, on the writer, in commit order; where it throws, nothing is written and the exception passes as it is.</param>
    /// <param name="options">How the change is written.</param>
    /// <param name="cancellationToken">Cancels the wait for the writer; once the callback has begun, the change stands.</param>
    /// <exception cref="EdgeStorageException">The change could not be stored; nothing of it was.</exception>
    public async Task<Receipt> EditAsync(Action<ChangeBuilder> edit, EditOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        ArgumentNullException.ThrowIfNull(options);
        return await WriteAsync(default, draft => edit(new(draft, NewId)), schema: null, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Edits one document.</summary>
    internal Task<Receipt> EditAsync<T, TState>(DocumentId id, TState state, Action<T, TState> edit, EditOptions options, CancellationToken cancellationToken) where T : class, IEdgeDocument<T>
    {
        // Nearly all edits find the file open and nobody who asks for more than the edit: those need neither a state machine nor closures.
        if (options is { Undo: null, Author: null } && Activity.Current is null && !DatabaseTelemetry.IsTraced && FindReady(T.Schema) is { } opened)
        {
            try { return opened.Writer.RunEditAsync(new DocumentEdit<T, TState>(this, id, state, edit, options.Intent, Author, cancellationToken)); }
            catch (Exception e) when (e is ObjectDisposedException or EdgeStorageException) { return Task.FromException<Receipt>(e); }
        }
        return EditSlowlyAsync(id, state, edit, options, cancellationToken);
    }

    private Task<Receipt> EditSlowlyAsync<T, TState>(DocumentId id, TState state, Action<T, TState> edit, EditOptions options, CancellationToken cancellationToken) where T : class, IEdgeDocument<T> =>
        WriteAsync(id, draft => edit(T.Attach(draft.Open(T.Schema, id)), state), T.Schema, options, cancellationToken);

    /// <summary>What is open, where the read model of a class is up to date; null where that has to be awaited, or will never be again.</summary>
    private Opened? FindReady(DocumentSchema schema)
    {
        lock (_lock) return _closed is null && _registrations.TryGetValue(schema, out var registration) && registration.IsCompletedSuccessfully ? Volatile.Read(ref _told) : null;
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task<Receipt> EditAsync(Func<ChangeBuilder, Task> edit, CancellationToken cancellationToken = default) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task<Receipt> EditAsync(Func<ChangeBuilder, Task> edit, EditOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    internal async Task<Receipt> WriteAsync(DocumentId id, Action<ChangeDraft> edit, DocumentSchema? schema, EditOptions options, CancellationToken cancellationToken) =>
        (await WriteAtAsync(id, edit, schema, options, cancellationToken).ConfigureAwait(false)).Receipt;

    /// <summary>The edits that setters of live documents queue.</summary>
    internal LiveEdits NewLiveEdits(DocumentSchema schema, EditOptions options) =>
        new(_scheduler, async (id, edit) => (await WriteAtAsync(id, draft => edit(draft.Open(schema, id)), schema, options, CancellationToken.None).ConfigureAwait(false)).Sequence);

    /// <returns>Also the place of the change in the log; 0 where nothing was written.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(Receipt Receipt, long Sequence)> WriteAtAsync(DocumentId id, Action<ChangeDraft> edit, DocumentSchema? schema, EditOptions options, CancellationToken cancellationToken)
    {
        using var activity = _telemetry.Start("edit");
        var step = NewStep(options);
        var metadata = NewMetadata(options.Intent, options.Author);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        if (schema is not null) await EnsureProjectionAsync(opened, schema, cancellationToken).ConfigureAwait(false);
        var (change, state, sequence) = await opened.Writer.RunEditAsync(replica =>
        {
            var id = replica.Edit(edit, metadata, step);
            return (id, step is null ? null : options.Undo?.Push(opened.Undo, step), id is null ? 0 : replica.LastAppended);
        }, cancellationToken).ConfigureAwait(false);
        if (state is { } shown) options.Undo!.Show(shown);
        return (new(this, id, change), sequence);
    }

    /// <summary>Brings the read model of a class up to date, once in the life of this object.</summary>
    internal async Task EnsureProjectionAsync(Opened opened, DocumentSchema schema, CancellationToken cancellationToken)
    {
        Task registration;
        lock (_lock)
        {
            if (!_registrations.TryGetValue(schema, out registration!) || registration is { IsFaulted: true } or { IsCanceled: true })
            {
                registration = opened.Writer.RunAsync(replica =>
                {
                    opened.Projector.Register(schema);
                    replica.Claims.Register(schema);
                    return true;
                }, CancellationToken.None);
                _registrations[schema] = registration;
                _tableOwners[schema.Collection] = schema;
            }
        }
        await _scheduler.JoinAsync(registration, cancellationToken).ConfigureAwait(false);
    }
}
