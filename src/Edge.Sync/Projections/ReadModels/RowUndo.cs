using System.Buffers;
using System.Buffers.Binary;
using Edge.Sync.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Edge.Sync.Projections.ReadModels;

/// <summary>Records how to take back what a projection writes, row by row, as bytes.</summary>
/// <remarks>
/// <para>Triggers hand each row to a function of the writer's own connection. They are temporary ones: they are not in the file, so nobody else meets them, and they work where the file's own triggers are off. With
/// <c>recursive_triggers</c> they also see rows that <c>REPLACE</c> removes.</para>
/// <para>An entry is what happened to one row: <c>table u8, kind u8</c> (1 a row came, 2 a row went, 3 both), then the key of the row that came and all of the row that went, each value as <c>type u8</c> (SQLite's) and, little-endian,
/// 8 bytes of a number or a length of 4 bytes and the bytes of a text or blob.</para>
/// </remarks>
internal sealed class RowUndo
{
    public const string Function = "edge_undo";

    public const int Came = 1, Went = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private bool _isOn;

    public RowUndo(SqliteConnection connection)
    {
        const int Utf8 = 1;
        Verify(raw.sqlite3_create_function(connection.Handle, Function, -1, Utf8, null, Record), connection);
        Execute(connection, "PRAGMA recursive_triggers = ON");
        IsAvailable = Probe(connection);
    }

    /// <summary>Whether this SQLite runs temporary triggers where others are off: since 3.35.</summary>
    public bool IsAvailable { get; }

    /// <summary>What was written since <see cref="Begin"/>; valid until the next one.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Begin()
    {
        _bytes.ResetWrittenCount();
        _isOn = true;
    }

    public void End() => _isOn = false;

    /// <summary>Where each entry begins, oldest first.</summary>
    /// <param name="undo">The entries.</param>
    /// <param name="counts">How many values the key and the row of a table have.</param>
    public static List<int> Split(ReadOnlySpan<byte> undo, Func<int, (int Key, int Row)> counts)
    {
        var starts = new List<int>();
        for (var at = 0; at < undo.Length;)
        {
            starts.Add(at);
            var ((key, row), kind) = (counts(undo[at]), undo[at + 1]);
            at += 2;
            for (var i = ((kind & Came) != 0 ? key : 0) + ((kind & Went) != 0 ? row : 0); i > 0; i--)
                at += SizeOf(undo[at..]);
        }
        return starts;
    }

    /// <summary>Binds the value that the bytes begin with, and returns its size.</summary>
    public static int Bind(SqliteStatement statement, int parameter, ReadOnlySpan<byte> value)
    {
        var size = SizeOf(value);
        switch (value[0])
        {
            case raw.SQLITE_INTEGER: statement.Bind(parameter, BinaryPrimitives.ReadInt64LittleEndian(value[1..])); break;
            case raw.SQLITE_FLOAT: statement.BindValue(parameter, BinaryPrimitives.ReadDoubleLittleEndian(value[1..])); break;
            case raw.SQLITE_TEXT: statement.BindText(parameter, value[5..size]); break;
            case raw.SQLITE_BLOB: statement.Bind(parameter, value[5..size]); break;
            default: statement.BindValue(parameter, null); break;
        }
        return size;
    }

    private static int SizeOf(ReadOnlySpan<byte> value) => value[0] switch
    {
        raw.SQLITE_INTEGER or raw.SQLITE_FLOAT => 1 + sizeof(long),
        raw.SQLITE_TEXT or raw.SQLITE_BLOB => 1 + sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(value[1..]),
        _ => 1,
    };

    /// <summary>The function: table, kind, and values.</summary>
    private void Record(sqlite3_context context, object user, sqlite3_value[] arguments)
    {
        if (!_isOn) return;
        var head = _bytes.GetSpan(2);
        (head[0], head[1]) = ((byte)raw.sqlite3_value_int(arguments[0]), (byte)raw.sqlite3_value_int(arguments[1]));
        _bytes.Advance(2);
        for (var i = 2; i < arguments.Length; i++)
            Write(arguments[i]);
    }

    private void Write(sqlite3_value value)
    {
        var type = raw.sqlite3_value_type(value);
        var span = _bytes.GetSpan(1 + sizeof(long));
        span[0] = (byte)type;
        switch (type)
        {
            case raw.SQLITE_INTEGER:
                BinaryPrimitives.WriteInt64LittleEndian(span[1..], raw.sqlite3_value_int64(value));
                _bytes.Advance(1 + sizeof(long));
                break;
            case raw.SQLITE_FLOAT:
                BinaryPrimitives.WriteDoubleLittleEndian(span[1..], raw.sqlite3_value_double(value));
                _bytes.Advance(1 + sizeof(long));
                break;
            case raw.SQLITE_TEXT or raw.SQLITE_BLOB:
                // The bytes of a text are those of its blob: to its end, also where it holds U+0000.
                var bytes = raw.sqlite3_value_blob(value);
                BinaryPrimitives.WriteInt32LittleEndian(span[1..], bytes.Length);
                _bytes.Advance(1 + sizeof(int));
                _bytes.Write(bytes);
                break;
            default:
                _bytes.Advance(1);
                break;
        }
    }

    private bool Probe(SqliteConnection connection)
    {
        Execute(connection, $"CREATE TEMP TABLE edge_probe (x); CREATE TEMP TRIGGER edge_probing AFTER INSERT ON edge_probe BEGIN SELECT {Function}(0, {Came}, new.x); END;");
        Begin();
        Execute(connection, "INSERT INTO edge_probe VALUES (1)");
        End();
        Execute(connection, "DROP TABLE temp.edge_probe");
        return Written.Length > 0;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Verify(int rc, SqliteConnection connection) => SqliteException.ThrowExceptionForRC(rc, connection.Handle);
}
