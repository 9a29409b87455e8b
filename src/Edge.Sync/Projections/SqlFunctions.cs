using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Projections;

/// <summary>What queries need and SQLite lacks. On our own read connections only; no table refers to it.</summary>
internal static class SqlFunctions
{
    /// <summary>The length of a text, given as its UTF-8 bytes, in UTF-16 code units: what <c>Length</c> is in .NET. SQLite counts code points, up to U+0000.</summary>
    public const string TextLength = "edge_text_length";

    /// <summary>Sorts decimals by value: as text 10 would come before 9.</summary>
    public const string DecimalOrder = "edge_decimal";

    public static void Register(SqliteConnection connection)
    {
        connection.CreateCollation(DecimalOrder, CompareDecimals);
        connection.CreateFunction(TextLength, static (byte[]? text) => text is null ? (long?)null : Encoding.UTF8.GetCharCount(text), isDeterministic: true);
    }

    public static int CompareDecimals(string a, string b) => Parse(a).CompareTo(Parse(b));

    // Other programs may have put anything there: it sorts first.
    private static decimal Parse(string text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : decimal.MinValue;
}
