using MessagePack;

namespace Edge.Sync.Log.Records;

/// <summary>Says that a document is erased for good: none of its sections has effect from then on, nor is any kept.</summary>
internal abstract record ErasureRecord(DocumentKey Document) : LogRecord
{
    protected sealed override int FieldCount => 2;

    protected sealed override void WriteFields(ref MessagePackWriter writer) => WriteDocument(ref writer, Document);
}
