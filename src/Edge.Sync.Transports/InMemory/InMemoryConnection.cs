using System.IO.Pipelines;

namespace Edge.Sync.Transports.InMemory;

/// <summary>One end of a wire.</summary>
internal sealed class InMemoryConnection(InMemoryWire wire, PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input => input;

    public PipeWriter Output => output;

    public bool IsInterrupted => wire.IsInterrupted;

    /// <summary>Completes this end. What was flushed still reaches the peer.</summary>
    /// <param name="isLeaving">The endpoint leaves the network; the peer need not wait before it looks for it again.</param>
    public async Task CloseAsync(bool isLeaving)
    {
        if (isLeaving) wire.Interrupt();
        await output.CompleteAsync().ConfigureAwait(false);
        await input.CompleteAsync().ConfigureAwait(false);
        await wire.CloseEndAsync().ConfigureAwait(false);
    }
}
