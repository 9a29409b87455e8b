using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Edge.Sync.Causality;

namespace Edge.Sync;

/// <summary>Names a node of a <see cref="ReplicatedTree{T}"/>, on every replica and for ever. Its text may be stored.</summary>
public readonly record struct NodeId : IParsable<NodeId>
{
    private const int ReplicaDigits = 2 * ReplicaId.SizeBytes;

    internal NodeId(Dot dot) => Dot = dot;

    /// <summary>What the topmost nodes are children of. It has no value, and stays where it is.</summary>
    public static NodeId Root => default;

    internal Dot Dot { get; }

    /// <summary>32 hexadecimal digits, a colon and a number; empty for the root.</summary>
    public override string ToString() =>
        Dot == default ? "" : string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(Dot.Replica.ToByteArray())}:{Dot.Counter}");

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    /// <exception cref="FormatException"><paramref name="s"/> is no such text.</exception>
    public static NodeId Parse(string s) => TryParse(s, out var node) ? node : throw new FormatException($"'{s}' is no node of a tree.");

    /// <summary>Reads what <see cref="ToString"/> gives.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, out NodeId result)
    {
        result = default;
        if (s is not { Length: > ReplicaDigits + 1 } || s[ReplicaDigits] != ':') return s is "";
        Span<byte> replica = stackalloc byte[ReplicaId.SizeBytes];
        if (Convert.FromHexString(s.AsSpan(0, ReplicaDigits), replica, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        if (!ulong.TryParse(s.AsSpan(ReplicaDigits + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var counter) || counter is 0 or > Dot.CounterMax) return false;
        result = new(new(ReplicaId.FromBytes(replica), counter));
        return true;
    }

    static NodeId IParsable<NodeId>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<NodeId>.TryParse(string? s, IFormatProvider? provider, out NodeId result) => TryParse(s, out result);
}
