namespace Edge.Sync.Transports.InMemory;

/// <summary>One side of a link, as its endpoint sees it.</summary>
internal readonly record struct InMemorySide(InMemoryLink Link, int Side, string Peer);

/// <summary>A named place in the network: its links, which may grow while it is in use.</summary>
internal sealed class InMemoryEndpoint
{
    private readonly Lock _lock = new();
    private readonly List<InMemorySide> _sides = [];
    private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One database uses an endpoint at a time.</summary>
    public SemaphoreSlim InUse { get; } = new(1, 1);

    public void Add(InMemorySide side)
    {
        lock (_lock)
        {
            _sides.Add(side);
            _added.SetResult();
            _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The links from the <paramref name="start"/>th on, and a task that completes when one more is added.</summary>
    public (InMemorySide[] Sides, Task Added) From(int start)
    {
        lock (_lock)
            return ([.. _sides.Skip(start)], _added.Task);
    }
}
