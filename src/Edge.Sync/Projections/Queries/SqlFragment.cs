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
    public SqlFragment AppendParameter(object? value)
    {
        Parameters.Add(value);
        _text.Append(System.Globalization.CultureInfo.InvariantCulture, $"$p{Parameters.Count}");
        return this;
    }

    public override string ToString() => _text.ToString();
}
