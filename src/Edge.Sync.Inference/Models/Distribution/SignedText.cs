using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Inference;

/// <summary>Statements in documents: a text, the key of who says it, and its signature.</summary>
internal static class SignedText
{
    /// <summary>Public key and signature in base64.</summary>
    public static async Task<string> SignAsync(EdgeDatabase database, string purpose, string text, CancellationToken cancellationToken)
    {
        var signature = await database.SignAsync(purpose, Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        return Convert.ToBase64String([.. signature.PublicKey.Span, .. signature.Bytes.Span]);
    }

    /// <summary>Whose signature it is; null where it is none on this text.</summary>
    public static ReadOnlyMemory<byte>? SignerOf(string purpose, string text, string signature)
    {
        if (!Base64.TryRead(signature, out var bytes) || bytes.Length != DeviceKey.PublicKeySizeBytes + DeviceKey.SignatureSizeBytes)
            return null;
        var signed = new DeviceSignature(bytes.AsMemory(0, DeviceKey.PublicKeySizeBytes), bytes.AsMemory(DeviceKey.PublicKeySizeBytes));
        // No conditional expression: a null in one would become an empty key.
        if (!signed.Covers(purpose, Encoding.UTF8.GetBytes(text)))
            return null;
        return signed.PublicKey;
    }

    /// <summary>The document of a text: changed text lies under another id, or is seen to be changed.</summary>
    public static DocumentId IdOf(string text) => DocumentId.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, DocumentId.SizeBytes));
}
