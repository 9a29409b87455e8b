namespace Edge.Sync;

/// <summary>How <see cref="DocumentQuery{T}.Search"/> reads its text.</summary>
public enum SearchSyntax
{
    /// <summary>
    /// What people type: all words must occur, <c>seal*</c> is the beginning of a word, <c>"two words"</c> stand side by side, <c>AND</c>, <c>OR</c> and <c>NOT</c> in capitals join. Nothing of it
    /// can be wrong: what makes no sense is passed over.
    /// </summary>
    Words = 0,

    /// <summary>An expression of FTS5 as it is: columns, NEAR, parentheses. Errors in it throw <see cref="EdgeDataException"/>.</summary>
    Fts5 = 1,
}
