using System.Buffers;
using System.IO.Pipelines;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>Small sessions in place of the real one.</summary>
internal static class Sessions
{
    public static byte[] Hello(byte id) => [.. "TEST"u8, id];

    /// <summary>Both say who they are; then everything that comes is sent back, until the peer closes.</summary>
    public static async Task<SessionEnd> HelloThenEchoAsync(FakeHost host, IDuplexPipe connection, CancellationToken cancellationToken)
    {
        await connection.Output.WriteAsync(Hello(host.Id), cancellationToken);
        var hello = await connection.Input.ReadAtLeastAsync(5, cancellationToken);
        if (hello.Buffer.Length < 5) return SessionEnd.Closed;
        var peer = hello.Buffer.Slice(0, 5).ToArray();
        connection.Input.AdvanceTo(hello.Buffer.GetPosition(5));
        if (!peer.AsSpan().StartsWith("TEST"u8)) return SessionEnd.Refused;
        if (peer[4] == host.Id) return SessionEnd.Self;

        host.PeerCame(peer[4]);
        try
        {
            while (true)
            {
                var result = await connection.Input.ReadAsync(cancellationToken);
                foreach (var segment in result.Buffer)
                    await connection.Output.WriteAsync(segment, cancellationToken);
                connection.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return SessionEnd.Closed;
            }
        }
        finally
        {
            host.PeerLeft(peer[4]);
        }
    }

    /// <summary>Reads and drops everything until the peer closes.</summary>
    public static async Task<SessionEnd> DrainAsync(IDuplexPipe connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await connection.Input.ReadAsync(cancellationToken);
            connection.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) return SessionEnd.Closed;
        }
    }
}
