using Edge.Sync.Documents;
using Edge.Sync.Documents.History;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
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
