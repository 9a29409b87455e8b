namespace Edge.Sync;

/// <summary>
/// Makes a <c>readonly partial record struct</c> the points of a time series: one <see cref="DateTimeOffset"/> is the time, at most one <see cref="string"/> is the key, and all else are its values:
/// <c>float</c>, <c>double</c>, <c>bool</c>, <c>byte</c>, <c>short</c>, <c>int</c>, <c>long</c> or an enum. The generator writes the other half.
/// </summary>
/// <param name="name">The series' name in the file: a letter, then letters, digits, <c>-</c> and <c>_</c>, at most 64 characters.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class EdgeSeriesAttribute(string name) : Attribute
{
    /// <summary>The series' name.</summary>
    public string Name { get; } = name;
}
