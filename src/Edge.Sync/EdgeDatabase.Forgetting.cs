namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    /// <summary>Forgets a document: see <see cref="DocumentSet{T}.ForgetAsync"/>, of which this is the form for those that do not have the class.</summary>
    /// <param name="collection">The document's collection.</param>
    /// <param name="id">The document. One that was never seen here is forgotten in advance.</param>
    /// <param name="options">Why and by whom, for the history; null for the defaults. It cannot be undone, and is in no undo history.</param>
    /// <param name="cancellationToken">Cancels the wait; once it is in the log it stands, and goes on by itself.</param>
    /// <exception cref="ArgumentException"><paramref name="collection"/> is no name of a collection.</exception>
    /// <exception cref="EdgeDocumentException">Parts of the document were written without encryption (<see cref="EdgeErrorCode.DocumentNotEncrypted"/>): purge it instead.</exception>
    /// <exception cref="EdgeStorageException">It could not be stored; or it is, and keys or bytes could not be taken off the medium yet; then that is tried again by itself.</exception>
    public async Task<Receipt> ForgetAsync(string collection, DocumentId id, EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collection);
        if (!CollectionName.IsValid(collection)) throw new ArgumentException($"'{collection}' is no name of a collection.", nameof(collection));
        var metadata = NewMetadata(options?.Intent, options?.Author);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var change = await opened.Writer.RunEditAsync(replica => replica.Forget(new(collection, id), metadata), cancellationToken).ConfigureAwait(false);
        await opened.Writer.RunAloneAsync(static replica => { replica.DestroyKeys(); return true; }, cancellationToken).ConfigureAwait(false);
        await EraseAsync(opened, cancellationToken).ConfigureAwait(false);
        return new(this, id, change);
    }

    internal Task<Receipt> ForgetAsync(DocumentSchema schema, DocumentId id, EditOptions options, CancellationToken cancellationToken) => schema.IsForgettable
        ? ForgetAsync(schema.Collection, id, options, cancellationToken)
        : throw new InvalidOperationException($"Documents of collection '{schema.Collection}' are not forgettable: they are written without encryption. Set [EdgeDocument(\"{schema.Collection}\", Forgettable = true)] for what is written from then on, or purge them.");
}
