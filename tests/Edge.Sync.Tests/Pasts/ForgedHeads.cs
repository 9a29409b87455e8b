using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Pasts;

/// <summary>A hostile author: it has seen what others wrote, and says that it had not.</summary>
internal static class ForgedHeads
{
    /// <summary>What an edit by somebody who holds all that <paramref name="informed"/> holds looks like under a header that lists other heads; null where it writes nothing.</summary>
    public static Change? Edit<T>(Replica informed, int seed, DocumentId id, Action<T> edit, params Dot[] heads) where T : class, IEdgeDocument<T>
    {
        var author = Changes.NewReplica(seed);
        author.Begin();
        foreach (var stored in informed.Store.ReadChanges(0, int.MaxValue))
            author.Apply(Change.BytesOf(stored.Bytes));
        author.Commit();
        author.Begin();
        var written = author.Edit(draft => edit(Changes.Attach<T>(draft, id)));
        author.Commit();
        if (written is null) return null;
        var change = Changes.All(author)[^1];
        return Change.Create(change.Written with { Dependencies = heads }, change.Body.Span);
    }

    /// <summary>What changes fold to in this order where nobody looks at what they name.</summary>
    public static Dictionary<DocumentKey, DocumentState> FoldUnjudged(IEnumerable<Change> changes)
    {
        var folded = new Folded();
        foreach (var change in changes)
            DocumentFold.Join(change.With((ChangeRuling?)null), folded, NoKeys.Instance);
        return folded.Documents;
    }

    private sealed class Folded : IFoldTarget
    {
        public Dictionary<DocumentKey, DocumentState> Documents { get; } = [];

        public DocumentId? Only => null;

        public DocumentState? Open(DocumentKey key, int sectionBytes) => Documents.TryGetValue(key, out var state) ? state : Documents[key] = new(key.Id, key.Collection);

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing) { }

        public void OnEvent(DocumentKey key, Edge.Sync.Crdts.EventLogDelta item, Change change) { }
    }
}
