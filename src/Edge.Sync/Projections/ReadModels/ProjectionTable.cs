namespace Edge.Sync;

/// <summary>A table or an index of a projection as it is called at the moment: the only thing in a statement's holes that is text, not a parameter. Made by <see cref="ProjectionWriter"/>.</summary>
public readonly struct ProjectionTable
{
    internal ProjectionTable(string sql) => Sql = sql;

    internal string Sql { get; }

    /// <inheritdoc/>
    public override string ToString() => Sql ?? "";
}
