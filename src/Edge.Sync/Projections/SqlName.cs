namespace Edge.Sync.Projections;

/// <summary>Quotes names of tables and columns for SQL.</summary>
internal static class SqlName
{
    /// <summary>The column of a read model that holds the document's id, as 32 hexadecimal digits.</summary>
    public const string Id = "id";

    /// <summary>The column of a read model that holds the row number of the document's state.</summary>
    public const string Row = "edge_row";

    /// <summary>The last column of a read model that has one: see <see cref="ColumnRest"/>.</summary>
    public const string Rest = "edge_rest";

    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
