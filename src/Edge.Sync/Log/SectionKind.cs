namespace Edge.Sync.Log;

/// <summary>The first element of a section: what it is. 0 to 127; a version passes over those that it does not know, and keeps them.</summary>
internal static class SectionKind
{
    public const byte Metadata = 0;

    /// <summary>Edits one document.</summary>
    public const byte Document = 1;

    /// <summary>Says something about other changes or documents: see <see cref="Records.LogRecord"/>.</summary>
    public const byte Record = 2;

    /// <summary>Edits one document, in a form that only those who have its key can read.</summary>
    public const byte SealedDocument = 3;

    /// <summary>What a section counts as that does not begin as one: it is void.</summary>
    public const byte None = byte.MaxValue;
}
