using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Edge.Sync.Tests.Projections;

/// <summary>All that a document shows, member by member, whatever its type has: public properties, and elements where there are any.</summary>
internal static class Described
{
    private const int DepthMax = 12;

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        Assert.True(depth < DepthMax, text.ToString());
        switch (value)
        {
            case null: text.Append("null"); return;
            case string s: text.Append('"').Append(s).Append('"'); return;
            case DateTimeOffset time: text.Append(time.ToString("o", CultureInfo.InvariantCulture)); return;
            case double or float or decimal or Guid or DocumentId or Enum or ReplicaId or NodeId: text.Append(CultureInfo.InvariantCulture, $"{value}"); return;
            case IConvertible plain: text.Append(plain.ToString(CultureInfo.InvariantCulture)); return;
        }
        text.Append('{');
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(static p => p.Name, StringComparer.Ordinal))
        {
            // What a node is in, and what generated code uses, would come round again.
            if (property.GetIndexParameters().Length > 0 || property.Name is "Store" or "Schema" or "Tree" or "Date" or "UtcDateTime" or "SyncRoot") continue;
            text.Append(property.Name).Append('=');
            Write(text, property.GetValue(value), depth + 1);
            text.Append(' ');
        }
        if (value is IEnumerable elements)
        {
            foreach (var element in elements)
            {
                Write(text, element, depth + 1);
                text.Append(',');
            }
        }
        text.Append(CultureInfo.InvariantCulture, $"}} {(value is IFormattable or ReplicatedText ? value.ToString() : "")}");
    }
}
