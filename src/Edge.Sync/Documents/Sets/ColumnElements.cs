using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Edge.Sync.Documents;

/// <summary>The elements of a set, or of a list, as the column of a read model has them: a JSON array. Read once, when first asked for; immutable.</summary>
/// <typeparam name="T">The elements' type.</typeparam>
internal sealed class ColumnElements<T>
{
    private readonly T[] _items;

    private ColumnElements(T[] items, int count) => (_items, Count) = (items, count);

    /// <summary>How many there are, those of another type among them.</summary>
    public int Count { get; }

    /// <summary>Of a set the others, in canonical order; of a list all, one of another type as the type's default.</summary>
    public ReadOnlySpan<T> Items => _items;

    /// <summary>Reads the field's column into <paramref name="known"/>, where the document has one.</summary>
    /// <exception cref="EdgeDataException">The column is no JSON array of values: the file is damaged.</exception>
    public static ColumnElements<T>? Find(Field field, ref ColumnElements<T>? known, bool isList = false) => known ?? (field.TryFindCell(out var cell) ? known = Read(cell.Json, isList) : null);

    public bool Contains(T item) => Array.IndexOf(_items, item) >= 0;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    private static ColumnElements<T> Read(byte[] json, bool isList)
    {
        if (typeof(T) == typeof(string) && !json.AsSpan().Contains((byte)'\\')) return (ColumnElements<T>)(object)ReadTexts(json);
        var items = new List<T>();
        var count = 0;
        try
        {
            var reader = new Utf8JsonReader(json);
            for (reader.Read(); reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
            {
                if (ColumnCodec<T>.TryRead(CellOf(ref reader), out var item)) items.Add(item);
                else if (isList) items.Add(DefaultValue<T>.Value);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new EdgeDataException($"The column of a set or list is no JSON array of values. {e.Message}", "column", innerException: e);
        }
        // Text stands in the column in the same order; numbers of enums and the text of ids may not.
        if (!isList && typeof(T) != typeof(string)) items.Sort(CanonicalOrder<T>.Comparer);
        return new([.. items], count);
    }

    /// <summary>Text without an escape, as most is, stands between its quotes as it is: a fifth of what a reader of JSON takes.</summary>
    private static ColumnElements<string> ReadTexts(ReadOnlySpan<byte> json)
    {
        var items = new string[json.Count((byte)'"') / 2];
        for (var i = 0; i < items.Length; i++)
        {
            json = json[(json.IndexOf((byte)'"') + 1)..];
            var end = json.IndexOf((byte)'"');
            items[i] = Encoding.UTF8.GetString(json[..end]);
            json = json[(end + 1)..];
        }
        return new(items, items.Length);
    }

    private static ColumnCell CellOf(ref Utf8JsonReader reader)
    {
        // JSON has no NaN and no infinities: they are text.
        if (typeof(T) == typeof(double) || typeof(T) == typeof(float))
            return ColumnCell.Of(reader.TokenType == JsonTokenType.String ? double.Parse(reader.GetString()!, CultureInfo.InvariantCulture) : reader.GetDouble());
        return reader.TokenType == JsonTokenType.Number ? ColumnCell.Of(reader.GetInt64()) : ColumnCell.Of(reader.GetString()!);
    }
}
