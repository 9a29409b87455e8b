namespace Edge.Sync.Crdts.RichText;

/// <summary>Differences as varints, small ones of either sign short.</summary>
internal static class Signed
{
    public static ulong ToVarint(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long FromVarint(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
