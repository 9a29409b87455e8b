using System.Buffers;
using System.IO.Pipelines;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>A stream of bytes in which every position is known, so that a lost, doubled or moved byte shows.</summary>
internal static class Pattern
{
    public static byte At(long position, byte sender) => (byte)((position * 2654435761L >> 13) + sender);

    public static async Task SendAsync(PipeWriter writer, byte sender, long count, CancellationToken cancellationToken, Action<long>? sent = null)
    {
        for (long position = 0; position < count;)
        {
            var size = (int)Math.Min(count - position, 5000);
            var memory = writer.GetMemory(size);
            for (var i = 0; i < size; i++)
                memory.Span[i] = At(position + i, sender);
            writer.Advance(size);
            position += size;
            if ((await writer.FlushAsync(cancellationToken)).IsCompleted) throw new InvalidOperationException($"The reader left at {position}.");
            sent?.Invoke(position);
        }
    }

    /// <summary>Takes at most <paramref name="bite"/> bytes at a time, and only when <paramref name="fill"/> wait or it is the rest: as slow as a reader can be.</summary>
    public static async Task ReceiveAsync(PipeReader reader, byte sender, long count, int bite, int fill, CancellationToken cancellationToken, Action<long>? received = null)
    {
        for (long position = 0; position < count;)
        {
            var result = await reader.ReadAtLeastAsync((int)Math.Min(fill, count - position), cancellationToken);
            if (result.Buffer.IsEmpty) throw new InvalidOperationException($"The stream ended at {position}.");
            var bytes = result.Buffer.Slice(0, Math.Min(bite, result.Buffer.Length));
            foreach (var segment in bytes)
            {
                foreach (var b in segment.Span)
                    if (b != At(position++, sender)) throw new InvalidOperationException($"Another byte at {position - 1}.");
            }

            received?.Invoke(position);
            reader.AdvanceTo(bytes.End);
        }
    }
}
