using System.Buffers;
using System.Runtime.CompilerServices;
using Edge.Sync.Projections;
using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;

namespace Edge.Sync;

/// <summary>Takes the statements of a projection. Lives inside of <see cref="IProjection.CreateTables"/> and <see cref="IProject{TEvent}.Apply"/> only; not for use by several threads.</summary>
/// <remarks>
/// Statements are interpolated strings whose holes are parameters: <c>sql.Execute($"INSERT INTO {sql.Table("costs")} VALUES ({by}, {minutes})")</c>. Values can be text, numbers, booleans, enums, times, GUIDs, document ids, bytes and
/// null, stored as the columns of documents are. Each statement is prepared once.
/// </remarks>
public sealed class ProjectionWriter : IDisposable
{
    private const int StatementsMax = 64;

    private readonly SqliteConnection _connection;
    private readonly Func<string, string> _physicalName;
    private readonly HashSet<string> _tables;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<string, ProjectionTable> _names = new(StringComparer.Ordinal);

    internal ProjectionWriter(SqliteConnection connection, Func<string, string> physicalName, IEnumerable<string> tables)
    {
        (_connection, _physicalName, _tables) = (connection, physicalName, [.. tables]);
        _bySpan = _statements.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    internal ArrayBufferWriter<char> Text { get; } = new(256);

    internal List<object?> Values { get; } = [];

    internal IReadOnlyCollection<string> Tables => _tables;

    /// <summary>Whether tables may be made: in <see cref="IProjection.CreateTables"/> only.</summary>
    internal bool IsCreating { get; set; }

    /// <summary>A table of this projection. In a read, in Dapper and in the sqlite3 shell it has just this name.</summary>
    /// <param name="name">A letter, then letters, digits, <c>-</c> and <c>_</c>, at most 64 characters; never one that starts with <c>edge_</c> or <c>sqlite_</c>, nor one of a collection of documents or of another projection.</param>
    /// <exception cref="InvalidOperationException">No table can have that name, or <see cref="IProjection.CreateTables"/> has made none of it.</exception>
    public ProjectionTable Table(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_names.TryGetValue(name, out var known)) return known;
        if (!CollectionName.IsValid(name)) throw new InvalidOperationException($"'{name}' is no name for a table: use a letter, then letters, digits, '-' and '_', at most {CollectionName.LengthMax} characters, and no 'edge_' or 'sqlite_' in front.");
        if (!IsCreating && !_tables.Contains(name)) throw new InvalidOperationException($"CreateTables has made no table '{name}', only {string.Join(", ", _tables.Order())}. Make it there, and give the projection a new version.");
        _tables.Add(name);
        return _names[name] = new(SqlName.Quote(_physicalName(name)));
    }

    /// <summary>An index of this projection, in <see cref="IProjection.CreateTables"/>.</summary>
    /// <param name="name">By the rules for tables.</param>
    public ProjectionTable Index(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!CollectionName.IsValid(name)) throw new InvalidOperationException($"'{name}' is no name for an index.");
        // One name for each making of the tables: an index keeps its name while its table gets another.
        return new(SqlName.Quote($"{_physicalName("")}{name}_index"));
    }

    /// <summary>Runs one statement: <c>INSERT</c>, <c>UPDATE</c>, <c>DELETE</c> or <c>REPLACE</c>; in <see cref="IProjection.CreateTables"/> also <c>CREATE</c>.</summary>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="InvalidOperationException">It is another statement, or several.</exception>
    public int Execute([InterpolatedStringHandlerArgument("")] ref ProjectionSql sql)
    {
        Take(out var statement);
        statement.Run();
        return SQLitePCL.raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>The first column of the first row of a <c>SELECT</c> over this projection's tables: null, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>; null where there is no row.</summary>
    public object? Read([InterpolatedStringHandlerArgument("")] ref ProjectionSql sql)
    {
        Take(out var statement);
        try { return statement.Step() ? statement.Value(0) : null; }
        finally { statement.Reset(); }
    }

    /// <summary>Frees the statements. For the library only.</summary>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    private void Take(out SqliteStatement statement)
    {
        if (!_bySpan.TryGetValue(Text.WrittenSpan, out statement!))
        {
            if (_statements.Count >= StatementsMax) Dispose();
            var text = Text.WrittenSpan.ToString();
            ProjectionStatement.Verify(_connection, text, IsCreating);
            _statements.Add(text, statement = new(_connection, text));
        }
        for (var i = 0; i < Values.Count; i++)
            statement.BindValue(i + 1, Values[i]);
    }
}
