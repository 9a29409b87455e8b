using System.ComponentModel;
using Edge.Sync.Series;

namespace Edge.Sync;

/// <summary>The name of a series and the values of its points. Made by generated code.</summary>
public sealed class SeriesSchema
{
    /// <summary>The most values that a point may have.</summary>
    public const int ValuesMax = 64;

    private SeriesSchema(string name, SeriesShape shape) => (Name, Shape) = (name, shape);

    /// <summary>The series' name in the file.</summary>
    public string Name { get; }

    /// <summary>The names of the values, in the order of the struct's members.</summary>
    public IReadOnlyList<string> Values => Array.ConvertAll(Shape.Columns, static column => column.Name);

    internal SeriesShape Shape { get; }

    /// <summary>Starts a schema. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Builder For(string name) => new(name);

    /// <summary>Collects the values of a point. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly string _name;
        private readonly List<SeriesColumn> _columns = [];

        internal Builder(string name) => _name = name;

        /// <summary>A value of 32 bits.</summary>
        public Builder SingleValue(string name) => Add(name, SeriesColumnType.Single);

        /// <summary>A value of 64 bits.</summary>
        public Builder DoubleValue(string name) => Add(name, SeriesColumnType.Double);

        /// <summary>An integer, a bool or an enum.</summary>
        public Builder IntegerValue(string name) => Add(name, SeriesColumnType.Integer);

        /// <summary>The finished schema.</summary>
        public SeriesSchema Build() => new(_name, new([.. _columns]));

        private Builder Add(string name, SeriesColumnType type)
        {
            _columns.Add(new(name, type));
            return this;
        }
    }
}
