using Edge.Sync.Crdts;

namespace Edge.Sync.Documents;

/// <summary>What a row of a read model has for one field. The default has nothing: such a field is read from the document's state.</summary>
internal readonly struct ColumnCell
{
    private static readonly object s_null = new(), s_number = new();

    // What it holds, or one of the two above: a row's cells are kept as long as its document, so they are small.
    private readonly object? _what;
    private readonly long _number;

    private ColumnCell(object what, long number = 0) => (_what, _number) = (what, number);

    /// <summary>SQL's NULL.</summary>
    public static ColumnCell Null { get; } = new(s_null);

    public static ColumnCell Of(long number) => new(s_number, number);

    public static ColumnCell Of(double real) => new(s_number, BitConverter.DoubleToInt64Bits(real));

    public static ColumnCell Of(string text) => new(text);

    /// <summary>The UTF-8 of a JSON text.</summary>
    public static ColumnCell OfJson(byte[] json) => new(json);

    /// <summary>A value as the state has it, where the column lacks something of it.</summary>
    public static ColumnCell OfValue(ValueBytes value) => new(value);

    public bool IsAbsent => _what is null;

    public bool IsNull => ReferenceEquals(_what, s_null);

    /// <summary>Of an integer or a flag its value, of a time its ticks in UTC.</summary>
    public long Number => _number;

    public double Real => BitConverter.Int64BitsToDouble(_number);

    public string Text => (string)_what!;

    public byte[] Json => (byte[])_what!;

    public ValueBytes? Value => _what as ValueBytes?;
}
