using System.Text;
using Edge.Sync.Storage;

namespace Edge.Sync.Projections.Queries;

/// <summary>SQL text with its parameters, which are numbered in the order in which they were added.</summary>
internal sealed class SqlFragment
{
    private readonly StringBuilder _text = new();

    public List<object?> Parameters { get; } = [];

    /// <summary>The ids of the fields that it looks at.</summary>
    public HashSet<uint> Fields { get; } = [];

    public SqlFragment Append(string sql)
    {
        _text.Append(sql);
        return this;
    }

    /// <summary>A value from outside: always a parameter, never text.</summary>
    public SqlFragment AppendParameter(object? value) => Append(Parameter(value));

    /// <summary>The name of a parameter for a value from outside, for text that is appended later.</summary>
    public string Parameter(object? value)
    {
        Parameters.Add(value);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"?{Parameters.Count}");
    }

    /// <summary>Gives a statement the values.</summary>
    /// <param name="statement">Made from this text.</param>
    /// <param name="last">Takes the place of the last value; null to keep that.</param>
    public void Bind(SqliteStatement statement, object? last = null)
    {
        for (var i = 0; i < Parameters.Count; i++)
            statement.BindValue(i + 1, i == Parameters.Count - 1 && last is not null ? last : Parameters[i]);
    }

    public override string ToString() => _text.ToString();
}
