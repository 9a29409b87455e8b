namespace Edge.Sync.Documents;

/// <summary>How a field appears in its SQL table. The numbers are stored; they never change.</summary>
internal enum ColumnType : byte
{
    /// <summary>TEXT.</summary>
    Text = 0,

    /// <summary>INTEGER; booleans are 0 and 1, enums their number.</summary>
    Integer = 1,

    /// <summary>REAL.</summary>
    Real = 2,

    /// <summary>TEXT, ISO 8601 in UTC with seven decimals, so that it sorts by time.</summary>
    Time = 3,

    /// <summary>TEXT, 32 hexadecimal digits.</summary>
    Guid = 4,

    /// <summary>TEXT, invariant decimal notation.</summary>
    Decimal = 5,

    /// <summary>TEXT, a JSON array in canonical order.</summary>
    JsonArray = 6,

    /// <summary>TEXT, a JSON object; a map's keys in canonical order, an object's fields in the order of its class.</summary>
    JsonObject = 7,

    /// <summary>TEXT, a JSON array of objects, in order.</summary>
    JsonObjects = 8,
}

/// <summary>What columns of some types have in common.</summary>
internal static class ColumnTypeExtensions
{
    /// <summary>Whether the column holds JSON.</summary>
    public static bool IsJson(this ColumnType column) => column is ColumnType.JsonArray or ColumnType.JsonObject or ColumnType.JsonObjects;
}
