using System.Text;
using Edge.Sync.Documents;
using Edge.Sync.Documents.History;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private string? _author;

    /// <summary>The version of the database now: all that is committed. It grows with every change, from here or from elsewhere.</summary>
    public async Task<DatabaseVersion> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAloneAsync(static replica => replica.Version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The database as it was at a version. No I/O happens inside this call; whether the version is held is told when it is read.</summary>
    public DatabaseView At(DatabaseVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return new(this, version);
    }

    /// <summary>Who edits through this object from now on, in the app's words: kept in the metadata of each change. At most 256 bytes of UTF-8.</summary>
    /// <value>The default is null: nothing is said. <see cref="EditOptions.Author"/> goes before it.</value>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    public string? Author
    {
        get => Volatile.Read(ref _author);
        set => Volatile.Write(ref _author, Verified(value));
    }

    /// <summary>All changes of the log, each with who made it, when, why, on what, and what proves it, in the order in which they came here. The log is read as the enumeration goes on.</summary>
    public IAsyncEnumerable<HistoryEntry> History() => new ChangeHistory(this, null).ReadAsync();

    /// <summary>The changes of one document, with what each made of it (<see cref="HistoryEntry.Difference"/>), in the order in which they came here. Only they are read, however long the log is.</summary>
    /// <remarks>Concurrent changes came in some order, which may be another on another replica; the last state is the same on all.</remarks>
    public IAsyncEnumerable<HistoryEntry> History<T>(DocumentId id) where T : class, IEdgeDocument<T> =>
        new ChangeHistory(this, (new(T.Schema.Collection, id), T.Schema)).ReadAsync();

    /// <summary>Who wrote what a document shows now: field by field, and in texts and lists part by part. It reads the changes of that document, on the writer.</summary>
    /// <exception cref="EdgeDocumentException">Parts of the document are not here (<see cref="EdgeErrorCode.DocumentIncomplete"/>, <see cref="EdgeErrorCode.KeysMissing"/>).</exception>
    public async Task<DocumentAttribution> AttributeAsync<T>(DocumentId id, CancellationToken cancellationToken = default) where T : class, IEdgeDocument<T>
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var key = new DocumentKey(T.Schema.Collection, id);
        return await opened.Writer.RunAloneAsync(replica => replica.Attribute(T.Schema, key), cancellationToken).ConfigureAwait(false);
    }

    internal ChangeMetadata NewMetadata(string? intent, string? author) => new(intent, Verified(author) ?? Author, ChangeMetadata.CurrentTrace);

    private static string? Verified(string? author)
    {
        if (author is not null && Encoding.UTF8.GetByteCount(author) > ChangeMetadata.AuthorBytesMax)
            throw new ArgumentException($"An author's name takes at most {ChangeMetadata.AuthorBytesMax} bytes of UTF-8. Keep an id there, and the rest in a document.", nameof(author));
        return author;
    }

    /// <summary>What differs between two versions of a document, field by field. Either may be the later one.</summary>
    /// <exception cref="EdgeDataException">This replica has not been at one of the versions, or no replica can (<see cref="EdgeErrorCode.UnknownVersion"/>).</exception>
    public async Task<DocumentDiff> DiffAsync<T>(DocumentId id, DatabaseVersion from, DatabaseVersion to, CancellationToken cancellationToken = default) where T : class, IEdgeDocument<T>
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        var key = new DocumentKey(T.Schema.Collection, id);
        return await opened.Writer.RunAloneAsync(replica =>
            DocumentComparison.Compare(T.Schema, replica.FoldAt(key, from), replica.FoldAt(key, to)), cancellationToken).ConfigureAwait(false);
    }
}
