using Edge.Sync.Documents;
using Edge.Sync.Projections;
using Edge.Sync.Storage;

namespace Edge.Sync;

/// <summary>The documents of one collection without a class, for tools. Safe for use by several threads at once.</summary>
public sealed class DynamicDocumentSet
{
    private readonly EdgeDatabase _database;

    internal DynamicDocumentSet(EdgeDatabase database, string collection) => (_database, Collection) = (database, collection);

    /// <summary>The collection.</summary>
    public string Collection { get; }

    /// <summary>An immutable snapshot of a document, or null where there is none.</summary>
    public async Task<DynamicDocument?> FindAsync(DocumentId id, CancellationToken cancellationToken = default) =>
        await ReadAsync("AND d.id = $2", [id.ToByteArray()], cancellationToken).ConfigureAwait(false) is [var found] ? found : null;

    /// <summary>Immutable snapshots of all documents that there are, by ascending id.</summary>
    public Task<IReadOnlyList<DynamicDocument>> ToListAsync(CancellationToken cancellationToken = default) => ReadAsync("", [], cancellationToken);

    /// <summary>Edits a document, or makes it where it is not there: as <see cref="DocumentSet{T}.EditAsync(DocumentId, Action{T}, CancellationToken)"/> does.</summary>
    public async Task<Receipt> EditAsync(DocumentId id, Action<DynamicDocument> edit, EditOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _database.WriteAsync(id, change =>
        {
            var draft = change.Open(new DocumentKey(Collection, id));
            var document = new DynamicDocument(draft.State, draft, opened.ReplicaId, new Dictionary<uint, string>());
            try { edit(document); }
            finally { document.Close(); }
        }, schema: null, options ?? new(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Never)]
    public Task<Receipt> EditAsync(DocumentId id, Func<DynamicDocument, Task> edit, EditOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    private async Task<IReadOnlyList<DynamicDocument>> ReadAsync(string condition, object[] parameters, CancellationToken cancellationToken)
    {
        var opened = await _database.OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await _database.Scheduler.RunAsync<IReadOnlyList<DynamicDocument>>(() => opened.Readers.Read(file =>
        {
            var connection = file.Connection;
            var names = new Dictionary<uint, string>();
            using (var definition = connection.CreateCommand())
            {
                definition.CommandText = "SELECT definition FROM edge_projections WHERE collection = $1";
                definition.Parameters.AddWithValue("$1", Collection);
                if (definition.ExecuteScalar() is byte[] bytes)
                    foreach (var field in ProjectionDefinition.Read(Collection, bytes).Fields)
                        names[field.Id] = field.Name;
            }
            using var documents = new DocumentReader(connection, opened.Replica.Store.Path, file.Keys);
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT d.id, {DocumentReader.Columns} FROM edge_documents d WHERE d.collection = $1 AND d.present = 1 {condition} ORDER BY d.id";
            command.Parameters.AddWithValue("$1", Collection);
            for (var i = 0; i < parameters.Length; i++)
                command.Parameters.AddWithValue($"${i + 2}", parameters[i]);
            using var reader = command.ExecuteReader();
            var found = new List<DynamicDocument>();
            while (reader.Read())
                found.Add(new(documents.Read(new(Collection, DocumentId.FromBytes(reader.GetFieldValue<byte[]>(0))), reader, column: 1), null, opened.ReplicaId, names));
            return found;
        }), cancellationToken).ConfigureAwait(false);
    }
}
