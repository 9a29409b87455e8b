namespace Edge.Sync.Live;

/// <summary>What a commit has changed of one document, so that a query that asks for none of it need not run again.</summary>
/// <param name="Key">The document.</param>
/// <param name="Fields">The ids of the fields that were written; null where they are not known.</param>
/// <param name="ExistenceChanged">Whether it came or went.</param>
internal readonly record struct CommittedDocument(DocumentKey Key, uint[]? Fields, bool ExistenceChanged);
