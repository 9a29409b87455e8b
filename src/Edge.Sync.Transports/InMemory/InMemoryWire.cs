using System.Buffers;
using System.IO.Pipelines;

namespace Edge.Sync.Transports.InMemory;

/// <summary>Two directions of bytes. Each is carried from the writer's pipe to the reader's by a loop, which a cut can end from outside: neither
/// side's pipe may be completed by anyone else while that side uses it.</summary>
internal sealed class InMemoryWire
{
    private readonly (PipeReader From, PipeWriter To)[] _directions;
    private readonly Task _carrying;
    private int _openEnds = 2;

    public InMemoryWire(int pauseBytes)
    {
        var options = new PipeOptions(pauseWriterThreshold: pauseBytes, resumeWriterThreshold: pauseBytes / 2, useSynchronizationContext: false);
        Pipe firstOut = new(options), firstIn = new(options), secondOut = new(options), secondIn = new(options);
        _directions = [(firstOut.Reader, secondIn.Writer), (secondOut.Reader, firstIn.Writer)];
        First = new(this, firstIn.Reader, firstOut.Writer);
        Second = new(this, secondIn.Reader, secondOut.Writer);
        _carrying = Task.WhenAll(_directions.Select(static direction => CarryAsync(direction.From, direction.To)));
    }

    public InMemoryConnection First { get; }

    public InMemoryConnection Second { get; }

    /// <summary>Whether the link was cut, or an endpoint left the network: not a session's doing.</summary>
    public bool IsInterrupted { get; private set; }

    public void Cut()
    {
        IsInterrupted = true;
        foreach (var (from, to) in _directions)
        {
            // Whichever the loop waits for, now or next. The sessions hold the pipes' other ends; for them nothing is cancelled.
            from.CancelPendingRead();
            to.CancelPendingFlush();
        }
    }

    public void Interrupt() => IsInterrupted = true;

    /// <summary>The last to leave waits for the loops; the first must not, or it would depend on how fast the other reads.</summary>
    public Task CloseEndAsync() => Interlocked.Decrement(ref _openEnds) == 0 ? _carrying : Task.CompletedTask;

    private static async Task CarryAsync(PipeReader from, PipeWriter to)
    {
        while (true)
        {
            var read = await from.ReadAsync().ConfigureAwait(false);
            if (read.IsCanceled) break;
            foreach (var segment in read.Buffer)
                to.Write(segment.Span);
            from.AdvanceTo(read.Buffer.End);
            var flushed = await to.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted || flushed.IsCompleted || flushed.IsCanceled) break;
        }

        // Both ends see their peer close.
        await from.CompleteAsync().ConfigureAwait(false);
        await to.CompleteAsync().ConfigureAwait(false);
    }
}
