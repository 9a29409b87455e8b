using System.Text;

namespace Edge.Sync.Projections.Queries;

/// <summary>SQL text with its parameters, which are numbered in the order in which they were added.</summary>
internal sealed class SqlFragment
{
    private readonly StringBuilder _text = new();

    public List<object?> Parameters { get; } = [];

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
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"$p{Parameters.Count}");
    }

    public override string ToString() => _text.ToString();
}
