namespace Edge.Sync.Crdts.Sequences;

/// <summary>Characters with consecutive ordinals whose counters, all of one replica, grow by equal steps.</summary>
internal struct DotStretch
{
    public int First;
    public int Length;

    /// <summary>The number of the replica in its <see cref="DotTable"/>.</summary>
    public int Replica;

    public uint Step;

    public ulong Counter;

    public readonly int End => First + Length;

    public readonly ulong CounterOf(int ordinal) => Counter + (ulong)(uint)(ordinal - First) * Step;
}
