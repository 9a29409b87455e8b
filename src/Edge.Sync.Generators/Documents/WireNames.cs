using System.Text;

namespace Edge.Sync.Generators.Documents;

/// <summary>The rules for names that leave the program: on the wire, and in SQL.</summary>
internal static class WireNames
{
    /// <summary>In UTF-16 units.</summary>
    public const int LengthMax = 64;

    /// <summary>A field's id: FNV-1a of the name's UTF-8 bytes, 32 bits. The library's FieldDefinition.HashOf computes the same.</summary>
    public static uint HashOf(string name)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = unchecked((hash ^ b) * 16777619u);
        return hash == 0 ? 1 : hash;
    }

    /// <summary>Whether a table may have this name, which is also the collection's on the wire.</summary>
    public static bool IsCollection(string name)
    {
        if (name.Length is 0 or > LengthMax || !IsLetter(name[0])) return false;
        foreach (var c in name)
            if (!IsLetter(c) && c is not (>= '0' and <= '9' or '-' or '_')) return false;
        return !name.StartsWith("edge_", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase) && !name.Equals("edge-names", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a column may have this name. Any identifier will do, so names are not held to ASCII.</summary>
    public static bool IsField(string name)
    {
        if (name.Length is 0 or > LengthMax) return false;
        foreach (var c in name)
            if (char.IsControl(c) || char.IsSurrogate(c) || c == '"') return false;
        return true;
    }

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
