using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Inference;

/// <summary>Keeps compiled modules between starts, in a folder of this device: opening one takes a tenth of compiling it.</summary>
/// <remarks>
/// What is compiled is native code that runs without a sandbox of its own, so nothing is believed that this device did not write: each file carries an HMAC over the module's hash, the engine, and the code.
/// A file that fails the check is deleted, and the module compiled again. Never copy such a folder between devices; the modules themselves travel. Safe for several threads and processes.
/// <code>
/// magic "EWC1" | HMAC-SHA256 (32 bytes) of all that follows, the module's hash and the engine's name | compiled code
/// </code>
/// </remarks>
public sealed class WasmCache
{
    /// <summary>The least length of a key.</summary>
    public const int KeyLengthMin = 32;

    private static ReadOnlySpan<byte> Magic => "EWC1"u8;

    private readonly string _folder;
    private readonly byte[] _key;

    /// <summary>A cache in a folder, which is made where it is missing.</summary>
    /// <param name="folder">Readable and writable by this app alone.</param>
    /// <param name="key">A secret of this device, at least 32 bytes: from the platform's key store, not from the same folder.</param>
    public WasmCache(string folder, ReadOnlySpan<byte> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeyLengthMin, nameof(key));
        (_folder, _key) = (folder, key.ToArray());
    }

    /// <summary>The compiled code of a module; null where there is none that holds.</summary>
    internal byte[]? TryRead(ModelHash module, string engine)
    {
        var path = PathOf(module, engine);
        try
        {
            var bytes = File.ReadAllBytes(path);
            var header = Magic.Length + HMACSHA256.HashSizeInBytes;
            if (bytes.Length > header && bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
                && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(Magic.Length, HMACSHA256.HashSizeInBytes), Sign(module, engine, bytes.AsSpan(header))))
                return bytes[header..];
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be read is none.
        }
        return null;
    }

    /// <summary>Keeps compiled code, if the folder lets it.</summary>
    internal void Write(ModelHash module, string engine, ReadOnlySpan<byte> code)
    {
        try
        {
            Directory.CreateDirectory(_folder);
            var path = PathOf(module, engine);
            // Written beside and moved: another process never sees half a file.
            var unfinished = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            using (var file = File.Create(unfinished))
            {
                file.Write(Magic);
                file.Write(Sign(module, engine, code));
                file.Write(code);
            }
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private byte[] Sign(ModelHash module, string engine, ReadOnlySpan<byte> code)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        module.CopyTo(hash);
        hmac.AppendData(hash);
        hmac.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(engine)));
        hmac.AppendData(code);
        return hmac.GetHashAndReset();
    }

    private string PathOf(ModelHash module, string engine) => Path.Combine(_folder, $"{module}-{engine}.cwasm");
}
