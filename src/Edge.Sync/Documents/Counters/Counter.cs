using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A number that everybody adds to; all additions count.</summary>
/// <remarks>
/// On concurrent edits: Alice adds 30 and Bob, offline, adds 30; everyone reads 60. Sums never wrap: reading clamps to the range of <see cref="long"/>.
/// </remarks>
public readonly struct Counter : ISpanFormattable, IEquatable<Counter>
{
    private readonly Field _field;

    internal Counter(Field field) => _field = field;

    /// <summary>The sum of all additions that have arrived.</summary>
    public long Value => _field.TryFindCell(out var cell) ? cell.Number : _field.Find<CounterState>(CrdtKind.Counter)?.Value ?? 0;

    /// <summary>Adds <paramref name="amount"/>, which may be negative.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(long amount)
    {
        if (_field.IsLive)
        {
            Queue(_field, amount);
            return;
        }
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<CounterState>(CrdtKind.Counter).Add(sink.Next, amount));
    }

    private static void Queue(Field field, long amount) => field.Queue(inDraft => new Counter(inDraft).Add(amount), null);

    /// <summary>The counter's <see cref="Value"/>.</summary>
    public static implicit operator long(Counter counter) => counter.Value;

    /// <summary>The counter's <see cref="Value"/>.</summary>
    public long ToInt64() => Value;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.CurrentCulture);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, format, provider);

    /// <summary>Whether both show the same number.</summary>
    public bool Equals(Counter other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Counter other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Whether both show the same number.</summary>
    public static bool operator ==(Counter left, Counter right) => left.Equals(right);

    /// <summary>Whether both show different numbers.</summary>
    public static bool operator !=(Counter left, Counter right) => !left.Equals(right);
}
