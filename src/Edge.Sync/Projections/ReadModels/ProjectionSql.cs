using System.Globalization;
using System.Runtime.CompilerServices;

namespace Edge.Sync;

/// <summary>A statement of a projection, as the compiler makes it of an interpolated string: the text is SQL, what stands in holes becomes parameters.</summary>
[InterpolatedStringHandler]
public readonly ref struct ProjectionSql
{
    private readonly ProjectionWriter _writer;

    /// <summary>For the compiler.</summary>
    public ProjectionSql(int literalLength, int formattedCount, ProjectionWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        writer.Text.ResetWrittenCount();
        writer.Values.Clear();
    }

    /// <summary>For the compiler.</summary>
    public void AppendLiteral(string value) => Append(value);

    /// <summary>A name, which is text.</summary>
    public void AppendFormatted(ProjectionTable value) => Append(value.Sql);

    /// <summary>A value, which is a parameter.</summary>
    /// <exception cref="NotSupportedException">SQLite has no such value.</exception>
    public void AppendFormatted<T>(T value)
    {
        _writer.Values.Add(ToSql(value));
        Append("?");
        Span<char> number = stackalloc char[8];
        _writer.Values.Count.TryFormat(number, out var length, default, CultureInfo.InvariantCulture);
        Append(number[..length]);
    }

    private void Append(ReadOnlySpan<char> text) => System.Buffers.BuffersExtensions.Write(_writer.Text, text);

    private static object? ToSql(object? value) => value switch
    {
        null or string or long or double or byte[] => value,
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        short number => (long)number,
        byte number => (long)number,
        uint number => (long)number,
        float number => (double)number,
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
        Guid id => id.ToString("N"),
        DocumentId id => id.ToString(),
        ReplicaId id => id.ToString(),
        Enum member => Convert.ToInt64(member, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"A value of type {value.GetType()} cannot stand in a statement. Use text, a number, a boolean, an enum, a time, a GUID, an id or bytes; names of tables go through sql.Table(\"name\")."),
    };
}
