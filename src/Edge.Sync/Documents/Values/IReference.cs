namespace Edge.Sync.Documents;

/// <summary>A reference of whatever document class.</summary>
internal interface IReference
{
    DocumentId Id { get; }
}
