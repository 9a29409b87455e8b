using System.Globalization;
using System.Text;

namespace Edge.Sync.Projections.Search;

/// <summary>Turns what people type into a search box into an expression of FTS5 that is never malformed.</summary>
/// <remarks>
/// Every word is quoted, so nothing that a user types is an operator but <c>AND</c>, <c>OR</c>, <c>NOT</c> between two words and <c>*</c> at the end of one. Of several operators in a
/// row the last counts; one without a word on both sides is passed over, as it is while somebody types.
/// </remarks>
internal static class SearchText
{
    public const int LengthMax = 4096;

    public const int WordsMax = 64;

    /// <returns>The expression; empty where the text is blank; null where it has no word that could be found.</returns>
    /// <exception cref="ArgumentException">The text is too long.</exception>
    public static string? ToExpression(string text)
    {
        if (text.Length > LengthMax) throw new ArgumentException($"A search text has {LengthMax} characters at most; this one has {text.Length}.", nameof(text));
        if (string.IsNullOrWhiteSpace(text)) return "";
        var tokens = Split(text);
        // A lone operator is the word that it is spelt like.
        if (!tokens.Exists(static token => !token.IsOperator)) tokens = tokens.ConvertAll(static token => token with { IsQuoted = true });
        var expression = new StringBuilder();
        var join = "";
        var words = 0;
        foreach (var token in tokens)
        {
            if (token.IsOperator)
            {
                join = token.Text;
                continue;
            }
            if (!token.Text.EnumerateRunes().Any(IsOfAWord)) continue;
            if (++words > WordsMax) throw new ArgumentException($"A search text has {WordsMax} words at most.", nameof(text));
            if (expression.Length > 0) expression.Append(' ').Append(join.Length > 0 ? join : "AND").Append(' ');
            expression.Append('"').Append(token.Text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            if (token.IsPrefix) expression.Append('*');
            join = "";
        }
        return expression.Length > 0 ? expression.ToString() : null;
    }

    private static List<Token> Split(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            if (IsSpace(text[i]))
            {
                i++;
                continue;
            }
            var isQuoted = text[i] == '"';
            var start = isQuoted ? i + 1 : i;
            var end = start;
            while (end < text.Length && (isQuoted ? text[end] != '"' : !IsSpace(text[end]) && text[end] != '"')) end++;
            i = isQuoted ? Math.Min(end + 1, text.Length) : end;
            // After the word, or after the closing quote.
            var isPrefix = isQuoted ? i < text.Length && text[i] == '*' : text[end - 1] == '*';
            if (isQuoted && isPrefix) i++;
            tokens.Add(new(isQuoted ? text[start..end].Replace('\0', ' ') : text[start..end].TrimEnd('*'), isQuoted, isPrefix));
        }
        return tokens;
    }

    // SQLite reads an expression up to U+0000.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c == '\0';

    // What the tokenizer unicode61 takes for a part of a word.
    private static bool IsOfAWord(Rune rune) => Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
        or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse;

    private readonly record struct Token(string Text, bool IsQuoted, bool IsPrefix)
    {
        public bool IsOperator => !IsQuoted && !IsPrefix && Text is ("AND" or "OR" or "NOT");
    }
}
