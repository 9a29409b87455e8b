namespace Edge.Sync;

/// <summary>Which names a collection may bear: each is also the name of a SQL table.</summary>
internal static class CollectionName
{
    /// <summary>In characters, and in bytes of UTF-8.</summary>
    public const int LengthMax = 64;

    /// <summary>A letter, then letters, digits, '-' and '_' (ASCII), at most 64; not a name that SQLite or Edge.Sync keeps for itself.</summary>
    public static bool IsValid(string name) => IsValid(name.AsSpan());

    private static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LengthMax || !char.IsAsciiLetter(name[0])) return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c is not '-' and not '_') return false;
        return !name.StartsWith("edge_", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The same, of a name in UTF-8.</summary>
    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > LengthMax) return false;
        Span<char> characters = stackalloc char[LengthMax];
        for (var i = 0; i < name.Length; i++)
            characters[i] = (char)name[i];
        return IsValid(characters[..name.Length]);
    }
}
