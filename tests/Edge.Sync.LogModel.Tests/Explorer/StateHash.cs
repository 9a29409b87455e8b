namespace Edge.Sync.LogModel.Explorer;

/// <summary>Mixes numbers to 128 bits. Not cryptographic; wide enough that two states of one exploration never meet by chance.</summary>
internal struct StateHash
{
    private ulong _a = 0x9E3779B97F4A7C15, _b = 0xC2B2AE3D27D4EB4F;

    public StateHash()
    {
    }

    public readonly UInt128 Value => new(Mix(_a ^ (_b >> 7)), Mix(_b ^ (_a << 9)));

    public void Add(long value)
    {
        _a = Mix(_a ^ (ulong)value) + 0x9E3779B97F4A7C15;
        _b = Mix(_b + ((ulong)value * 0xFF51AFD7ED558CCD)) ^ _a;
    }

    public void Add(UInt128 value)
    {
        Add((long)(ulong)value);
        Add((long)(ulong)(value >> 64));
    }

    public void Add(string value)
    {
        foreach (var c in value) Add((long)c);
        Add(value.Length);
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
