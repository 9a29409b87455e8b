using System.Globalization;
using System.Text;
using Edge.Sync.Projections.Queries;

namespace Edge.Sync.Live;

/// <summary>Equal for queries that ask the same.</summary>
internal static class FeedKey
{
    public static string Of(SqlFragment sql)
    {
        var key = new StringBuilder(sql.ToString());
        foreach (var value in sql.Parameters)
        {
            key.Append('\0').Append(value switch
            {
                null => "-",
                byte[] bytes => $"b{Convert.ToHexString(bytes)}",
                string text => string.Create(CultureInfo.InvariantCulture, $"t{text.Length}:{text}"),
                double real => string.Create(CultureInfo.InvariantCulture, $"r{BitConverter.DoubleToInt64Bits(real)}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"i{value}"),
            });
        }
        return key.ToString();
    }
}
