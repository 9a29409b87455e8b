namespace Edge.Sync.Inference;

/// <summary>Base64 of which each byte string has one spelling only.</summary>
internal static class Base64
{
    public static bool TryRead(string text, out byte[] bytes)
    {
        bytes = [];
        var buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, buffer, out var length))
            return false;
        bytes = buffer[..length];
        // The decoder lets white space and loose last bits pass.
        return Convert.ToBase64String(bytes) == text;
    }
}
