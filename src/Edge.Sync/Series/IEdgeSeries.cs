using System.ComponentModel;

namespace Edge.Sync;

/// <summary>What the generator makes of a record struct with <see cref="EdgeSeriesAttribute"/>. Not for implementing by hand.</summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
public interface IEdgeSeries<TSelf> where TSelf : struct, IEdgeSeries<TSelf>
{
    /// <summary>The series' name and the values of a point.</summary>
    static abstract SeriesSchema Schema { get; }

    /// <summary>What a point is of, such as a machine; empty where the series has no key. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract string KeyOf(in TSelf point);

    /// <summary>When it was taken. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract DateTimeOffset TimeOf(in TSelf point);

    /// <summary>Its values as <see cref="SeriesValue"/> packs them, in the schema's order. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract void Write(in TSelf point, Span<long> values);

    /// <summary>A point of its parts. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static abstract TSelf Read(string key, DateTimeOffset at, ReadOnlySpan<long> values);
}
