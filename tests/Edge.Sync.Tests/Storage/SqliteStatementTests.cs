using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Tests.Storage;

/// <summary>Columns of a row, read by the binding and without it.</summary>
public class SqliteStatementTests
{
    private const string Row = "SELECT 7, -9223372036854775808, 0.5, 9e999, 'a' || char(0) || 'ö😀', '', x'0001FF', x'', zeroblob(5), NULL";
    private const int Columns = 10;

    [Fact]
    public void Columns_are_read_without_the_binding_where_its_library_is_found() => Assert.True(ColumnCalls.ArePossible);

    [Fact]
    public void Columns_read_the_same_with_the_binding_and_without()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var bound = new SqliteStatement(connection, Row, isDirect: false);
        using var direct = new SqliteStatement(connection, Row);
        Assert.True(bound.Step() && direct.Step());
        var seen = new HashSet<string>();
        for (var column = 0; column < Columns; column++)
        {
            var shown = Show(direct, column);
            Assert.Equal(Show(bound, column), shown);
            seen.Add(shown);
        }
        Assert.Equal(Columns, seen.Count);
        Assert.Equal("a\0ö😀", direct.WholeText(4));
        Assert.Equal([0, 1, 255], direct.Blob(6).ToArray());
        Assert.Equal(5, direct.Blob(8).Length);
    }

    [Fact]
    public void A_statement_that_is_disposed_says_so()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var statement = new SqliteStatement(connection, Row);
        Assert.True(statement.Step());
        statement.Dispose();
        Assert.Throws<ObjectDisposedException>(() => statement.Int64(0));
    }

    private static string Show(SqliteStatement row, int column) => string.Join(" | ",
        Try(() => row.Int64(column)), Try(() => row.Real(column)), Try(() => row.WholeText(column)), Try(() => Convert.ToHexString(row.Blob(column))), Try(() => row.IsNull(column)), Try(() => row.Value(column)),
        Try(() => row.TryInt64(column, out var number) ? number : null), Try(() => row.TryReal(column, out var real) ? real : null),
        Try(() => row.TryUtf8(column, out var text) ? Convert.ToHexString(text) : null), Try(() => row.TryBlob(column, out var bytes) ? Convert.ToHexString(bytes) : null));

    private static string Try(Func<object?> read)
    {
        try { return FormattableString.Invariant($"{read()}"); }
        catch (InvalidCastException e) { return e.Message; }
    }
}
