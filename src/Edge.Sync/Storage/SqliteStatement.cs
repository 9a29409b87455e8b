using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Edge.Sync.Storage;

/// <summary>A statement that is prepared once and run often, without the objects that ADO.NET makes for each run. Not safe for use by several threads at once.</summary>
/// <remarks>Measured beside <see cref="SqliteCommand"/> on a row of 120 bytes: a third of the time and no allocation.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const uint Persistent = 1;

    private readonly sqlite3 _handle;
    private readonly sqlite3_stmt _statement;

    /// <summary>For <see cref="ColumnCalls"/>; 0 where the binding reads columns, and after the end.</summary>
    private nint _direct;

    public SqliteStatement(SqliteConnection connection, string sql, bool isDirect = true)
    {
        _handle = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(_handle, sql, Persistent, out _statement), _handle);
        if (isDirect && ColumnCalls.ArePossible) _direct = _statement.DangerousGetHandle();
    }

    /// <summary>Lets statements wait for a lock as long as commands of ADO.NET do, which wait by themselves.</summary>
    public static void SetPatience(SqliteConnection connection) => raw.sqlite3_busy_timeout(connection.Handle, connection.DefaultTimeout * 1000);

    /// <summary>Parameters are numbered from 1.</summary>
    public SqliteStatement Bind(int parameter, long value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, parameter, value), _handle);
        return this;
    }

    /// <summary>The bytes are copied.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        var rc = value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value);
        SqliteException.ThrowExceptionForRC(rc, _handle);
        return this;
    }

    public SqliteStatement Bind(int parameter, string value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_text(_statement, parameter, value), _handle);
        return this;
    }

    /// <summary>A text as its UTF-8 bytes, which are copied.</summary>
    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        SqliteException.ThrowExceptionForRC(utf8.IsEmpty ? raw.sqlite3_bind_text(_statement, parameter, "") : raw.sqlite3_bind_text(_statement, parameter, utf8), _handle);
        return this;
    }

    /// <summary>A value as ADO.NET takes it: null, text, integer, real or bytes.</summary>
    public SqliteStatement BindValue(int parameter, object? value) => value switch
    {
        long integer => Bind(parameter, integer),
        string text => Bind(parameter, text),
        byte[] bytes => Bind(parameter, bytes),
        double real => BindReal(parameter, real),
        null or DBNull => BindNull(parameter),
        _ => throw new System.Diagnostics.UnreachableException($"SQLite has no value of type {value.GetType()}."),
    };

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        try { Step(); }
        finally { Reset(); }
    }

    /// <summary>The next row; false at the end. <see cref="Reset"/> must follow, or the statement keeps its snapshot.</summary>
    public bool Step()
    {
        var rc = raw.sqlite3_step(_statement);
        if (rc == raw.SQLITE_ROW) return true;
        if (rc != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(rc, _handle);
        return false;
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Columns are numbered from 0.</summary>
    public long Int64(int column) => Type(column) == raw.SQLITE_INTEGER ? ReadInt64(column) : throw NotWhatWasWritten("a number");

    /// <summary>Text up to the first U+0000.</summary>
    public string Text(int column) => Type(column) == raw.SQLITE_TEXT ? raw.sqlite3_column_text(_statement, column).utf8_to_string() : throw NotWhatWasWritten("text");

    /// <summary>Valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => Type(column) == raw.SQLITE_BLOB ? ReadBlob(column) : throw NotWhatWasWritten("bytes");

    public double Real(int column) => Type(column) is raw.SQLITE_FLOAT or raw.SQLITE_INTEGER ? ReadReal(column) : throw NotWhatWasWritten("a number");

    /// <summary>Text to its end, also where it holds U+0000.</summary>
    public string WholeText(int column) => TryUtf8(column, out var text) ? System.Text.Encoding.UTF8.GetString(text) : throw NotWhatWasWritten("text");

    /// <summary>The UTF-8 of a text, valid until the next step or reset; false for NULL. Like those below it asks for the type once: each call of SQLite costs about what it gives.</summary>
    public bool TryUtf8(int column, out ReadOnlySpan<byte> text)
    {
        var isThere = IsThere(Type(column), raw.SQLITE_TEXT, "text");
        text = isThere ? ReadBlob(column) : default;
        return isThere;
    }

    /// <summary>Valid until the next step or reset; false for NULL.</summary>
    public bool TryBlob(int column, out ReadOnlySpan<byte> bytes)
    {
        var isThere = IsThere(Type(column), raw.SQLITE_BLOB, "bytes");
        bytes = isThere ? ReadBlob(column) : default;
        return isThere;
    }

    /// <summary>False for NULL.</summary>
    public bool TryInt64(int column, out long value)
    {
        var isThere = IsThere(Type(column), raw.SQLITE_INTEGER, "a number");
        value = isThere ? ReadInt64(column) : 0;
        return isThere;
    }

    /// <summary>False for NULL.</summary>
    public bool TryReal(int column, out double value)
    {
        var type = Type(column);
        var isThere = IsThere(type, type == raw.SQLITE_INTEGER ? raw.SQLITE_INTEGER : raw.SQLITE_FLOAT, "a number");
        value = isThere ? ReadReal(column) : 0;
        return isThere;
    }

    /// <summary>Null, text, integer or real.</summary>
    public object? Value(int column) => Type(column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => ReadInt64(column),
        raw.SQLITE_FLOAT => ReadReal(column),
        raw.SQLITE_TEXT => WholeText(column),
        _ => throw NotWhatWasWritten("a number or text"),
    };

    public bool IsNull(int column) => Type(column) == raw.SQLITE_NULL;

    public void Dispose()
    {
        _direct = 0;
        _statement.Dispose();
    }

    // The handle's finalizer must not run between taking its address and the end of the call.
    private int Type(int column)
    {
        if (_direct == 0) return raw.sqlite3_column_type(_statement, column);
        var type = ColumnCalls.Type(_direct, column);
        GC.KeepAlive(this);
        return type;
    }

    private long ReadInt64(int column)
    {
        if (_direct == 0) return raw.sqlite3_column_int64(_statement, column);
        var number = ColumnCalls.Int64(_direct, column);
        GC.KeepAlive(this);
        return number;
    }

    private double ReadReal(int column)
    {
        if (_direct == 0) return raw.sqlite3_column_double(_statement, column);
        var real = ColumnCalls.Real(_direct, column);
        GC.KeepAlive(this);
        return real;
    }

    private ReadOnlySpan<byte> ReadBlob(int column)
    {
        if (_direct == 0) return raw.sqlite3_column_blob(_statement, column);
        var bytes = ColumnCalls.Blob(_direct, column);
        GC.KeepAlive(this);
        return bytes;
    }

    private SqliteStatement BindReal(int parameter, double value)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_double(_statement, parameter, value), _handle);
        return this;
    }

    private SqliteStatement BindNull(int parameter)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_null(_statement, parameter), _handle);
        return this;
    }

    private static bool IsThere(int type, int wanted, string what) => type == wanted || (type == raw.SQLITE_NULL ? false : throw NotWhatWasWritten(what));

    private static InvalidCastException NotWhatWasWritten(string what) => new($"The value is not {what}.");
}
