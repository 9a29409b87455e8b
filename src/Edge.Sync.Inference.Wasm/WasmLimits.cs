namespace Edge.Sync.Inference;

/// <summary>What a WebAssembly module may take.</summary>
public sealed record WasmLimits
{
    /// <summary>The defaults.</summary>
    public static WasmLimits Default { get; } = new();

    /// <summary>The module's size, in bytes.</summary>
    /// <value>The default is 1 MiB.</value>
    public int ModuleBytesMax { get; init; } = 1 << 20;

    /// <summary>What its memory may grow to, in bytes; growing beyond fails inside the module, as the specification says.</summary>
    /// <value>The default is 4 MiB.</value>
    public long MemoryBytesMax { get; init; } = 4 << 20;

    /// <summary>How long one call may take by the clock; it is stopped within about two milliseconds after that. A module's start may take a second, or this where it is longer.</summary>
    /// <value>The default is 2 ms. Kept to the next whole millisecond. On a machine that is so busy that a thread has to wait, a call that does nothing wrong may be stopped too: it costs that one reading.</value>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// How many instructions, about, one call may take: where set, a call ends at the same instruction on every device, and not-a-number has one form of bits. For stages whose results are
    /// replicated. It slows calls down; the deadline holds too.
    /// </summary>
    /// <value>The default is null: none.</value>
    public ulong? Fuel { get; init; }

    /// <summary>After so many calls in a row that trapped, the module is not called any more.</summary>
    /// <value>The default is 3.</value>
    public int TrapsInARowMax { get; init; } = 3;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ModuleBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MemoryBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TrapsInARowMax);
        if (Fuel is { } fuel)
            ArgumentOutOfRangeException.ThrowIfZero(fuel);
    }
}
