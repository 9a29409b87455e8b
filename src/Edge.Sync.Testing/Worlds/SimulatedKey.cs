using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Testing;

/// <summary>The key of a simulated device, the same in each run: its public half is in the log, and so in the ids of changes. It protects nothing.</summary>
internal sealed class SimulatedKey : DeviceKey
{
    private static readonly ConcurrentDictionary<int, SimulatedKey> s_keys = [];

    private readonly ECDsa _key;
    private readonly byte[] _point;

    private SimulatedKey(int device)
    {
        // A hash is less than the curve's order but for one in four billion.
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"simulated device {device}"))) });
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        _point = [.. point.X!, .. point.Y!];
    }

    public static SimulatedKey Of(int device) => s_keys.GetOrAdd(device, static device => new(device));

    public override ReadOnlyMemory<byte> PublicKey => _point;

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellationToken = default)
    {
        // Simulations may run beside each other.
        lock (_key) return new(_key.SignHash(digest.Span, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }
}
