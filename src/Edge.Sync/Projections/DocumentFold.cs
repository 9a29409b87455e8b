using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Projections;

/// <summary>Joins changes into documents: the one way from the log to what it means.</summary>
internal static class DocumentFold
{
    /// <summary>
    /// Grows whenever this code folds what an older one passed over, or folds it otherwise: a new CRDT, a new kind of section. A file that another version has
    /// folded is folded again when it is opened, for its log holds also what that version did not know.
    /// </summary>
    public const int Version = 8;

    /// <summary>Joins the sections of a change. What is malformed is void: it changes nothing, and stops nothing.</summary>
    /// <param name="change">The change, with all that it follows joined before it.</param>
    /// <param name="documents">Gives each document that the change has a section for; null for one that is not of interest.</param>
    /// <param name="keys">The keys that are here. A section whose key is not counts as absent until it comes.</param>
    /// <param name="judge">Finds out which sections name operations from outside of the change's past; null where that is known, and stands in front of the change.</param>
    /// <returns>How many operations and sections are void.</returns>
    public static int Join<TDocuments>(Change change, TDocuments documents, IContentKeys keys, ISectionJudge? judge = null) where TDocuments : IFoldTarget
    {
        var header = change.Written;
        var voided = 0;
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            // A change may hold many documents: of those that nobody asks for the envelope is enough.
            if (documents.Only is { } only && sections.Envelope.IsAnother(only)) continue;
            if (sections.IsAbsent)
            {
                documents.OnAbsent(sections.Envelope.Document, sections.Number, null);
                continue;
            }
            DocumentSection? section;
            try { section = DocumentSection.Read(sections.Content, new(header.Replica, header.First), header.Count, keys); }
            catch (EdgeDataException)
            {
                voided++;
                // It is one of the document's sections all the same: what erases the document erases this too.
                if (sections.Envelope.NamesDocument) documents.Open(sections.Envelope.Document, sections.Content.Length);
                continue;
            }
            if (section is null) continue;
            if (!section.IsReadable)
            {
                documents.OnAbsent(section.Key, sections.Number, section.EncryptedWith);
                continue;
            }
            // It is one of the document's sections all the same, as a malformed one is.
            var isVoid = judge?.IsVoid(change, sections.Number, section) ?? change.IsVoidSection(sections.Number);
            if (isVoid) voided++;
            if (documents.Open(section.Key, sections.Content.Length) is not { } document || isVoid) continue;
            foreach (var (field, delta) in section.Operations)
            {
                try
                {
                    var joined = Join(document, field, delta, change);
                    if (!change.IsVoid && joined is EventLogDelta item && field == EventValue.FieldId) documents.OnEvent(section.Key, item, change);
                }
                catch (EdgeDataException) { voided++; }
            }
        }
        return voided;
    }

    // By its names here, and without what comes back by void changes only.
    private static Delta Join(DocumentState document, uint field, Delta delta, Change change)
    {
        if (change.Names is not null) delta = delta.Named(change.Names.Dots);
        if (change.IsVoid)
        {
            document.JoinVoid(field, delta, change.Stamp);
            return delta;
        }
        if (document.Ghosts is { } ghosts) delta = delta.Named(new() { Ghosts = ghosts });
        document.Join(field, delta, change.Stamp);
        return delta;
    }

    /// <summary>The records of a change, in order; null where there is none.</summary>
    /// <param name="change">The change.</param>
    /// <param name="voidCount">How many are void: malformed, or more than a change may have.</param>
    public static List<LogRecord>? ReadRecords(Change change, out int voidCount)
    {
        List<LogRecord>? records = null;
        voidCount = 0;
        var count = 0;
        var sections = new BodyReader(change.Body);
        while (sections.Read())
        {
            if (sections.Envelope.Kind != SectionKind.Record) continue;
            try
            {
                if (++count > LogLimits.RecordsMax || LogRecord.Read(sections.Content) is not { } record) voidCount++;
                else (records ??= []).Add(record);
            }
            catch (EdgeDataException) { voidCount++; }
        }
        return records;
    }

    /// <summary>Makes a document of its stored state and the changes after it, oldest first.</summary>
    /// <exception cref="EdgeDataException">The state or a change is no such thing: the file is damaged.</exception>
    public static DocumentState Load(DocumentKey key, byte[]? state, IEnumerable<ReadOnlyMemory<byte>> tail, IContentKeys keys)
    {
        var document = state is not null ? DocumentCodec.Read(key, state) : new(key.Id, key.Collection);
        foreach (var change in tail)
            Join(Change.ParseStored(change), new OneDocument(document), keys);
        return document;
    }

    /// <summary>Takes only the sections of one document.</summary>
    public readonly struct OneDocument(DocumentState document) : IFoldTarget
    {
        public DocumentId? Only => document.Id;

        public DocumentState? Open(DocumentKey key, int sectionBytes) => key == document.Key ? document : null;

        public void OnAbsent(DocumentKey key, int section, ContentKeyId? missing) { }

        public void OnEvent(DocumentKey key, EventLogDelta item, Change change) { }
    }
}

/// <summary>Judges sections before they are joined.</summary>
internal interface ISectionJudge
{
    /// <summary>Whether a section is void as a whole, on every replica: whatever is held besides what the change follows makes no difference.</summary>
    /// <param name="change">The change.</param>
    /// <param name="number">The section's number in it.</param>
    /// <param name="section">The section, which can be read.</param>
    bool IsVoid(Change change, int number, DocumentSection section);
}

/// <summary>The documents that a fold joins changes into.</summary>
internal interface IFoldTarget
{
    /// <summary>The one document that is of interest; null for all.</summary>
    DocumentId? Only { get; }

    /// <summary>The document, new where it was never written; null to pass its section over.</summary>
    /// <param name="key">The document.</param>
    /// <param name="sectionBytes">The length of the section.</param>
    DocumentState? Open(DocumentKey key, int sectionBytes);

    /// <summary>A document's section is absent: it was purged, evicted, or never came; or it cannot be read so far.</summary>
    /// <param name="key">The document.</param>
    /// <param name="section">The section's number within its change.</param>
    /// <param name="missing">The key that it waits for; null where its bytes are not there.</param>
    void OnAbsent(DocumentKey key, int section, ContentKeyId? missing);

    /// <summary>An event was appended to a stream.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="item">The event.</param>
    /// <param name="change">The change that is being joined.</param>
    void OnEvent(DocumentKey key, EventLogDelta item, Change change);
}
