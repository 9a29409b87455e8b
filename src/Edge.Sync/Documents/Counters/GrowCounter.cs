using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A count that never falls: views, produced pieces. All additions count.</summary>
/// <remarks>
/// On concurrent edits: Alice counts 30 and Bob, offline, counts 30; everyone reads 60. A negative addition is refused, a peer's too. Sums never wrap: reading clamps to the range of <see cref="long"/>.
/// </remarks>
public readonly struct GrowCounter : ISpanFormattable, IEquatable<GrowCounter>
{
    private readonly Field _field;

    internal GrowCounter(Field field) => _field = field;

    /// <summary>The sum of all additions that have arrived.</summary>
    public long Value => _field.TryFindCell(out var cell) ? cell.Number : _field.Find<CounterState>(CrdtKind.GrowCounter)?.Value ?? 0;

    /// <summary>Adds <paramref name="amount"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Add(long amount)
    {
        var sink = _field.Writable();
        _field.Commit(sink, _field.FindOrNew<CounterState>(CrdtKind.GrowCounter).Add(sink.Next, amount));
    }

    /// <summary>The counter's <see cref="Value"/>.</summary>
    public static implicit operator long(GrowCounter counter) => counter.Value;

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
    public bool Equals(GrowCounter other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GrowCounter other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Whether both show the same number.</summary>
    public static bool operator ==(GrowCounter left, GrowCounter right) => left.Equals(right);

    /// <summary>Whether both show different numbers.</summary>
    public static bool operator !=(GrowCounter left, GrowCounter right) => !left.Equals(right);
}
