using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>
/// Connects without throwing: for a dialer a peer that is away is the common case, and a probe every second must not fill a debugger with
/// exceptions.
/// </summary>
internal static class SocketConnector
{
    /// <summary>A connected socket, or the error. <see cref="SocketError.OperationAborted"/> means cancelled.</summary>
    public static async Task<(Socket? Socket, SocketError Error)> ConnectAsync(
        EndPoint endPoint, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Socket? socket = null;
        SocketError error;
        try
        {
            socket = endPoint is IPEndPoint ? new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) : new(SocketType.Stream, ProtocolType.Tcp);
            using var attempt = new Attempt { RemoteEndPoint = endPoint };
            error = await attempt.RunAsync(socket, either.Token).ConfigureAwait(false);
            if (error == SocketError.Success && !IsOwnEcho(socket)) return (socket, SocketError.Success);
            if (error == SocketError.Success) error = SocketError.ConnectionRefused;
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;
        }

        socket?.Dispose();
        if (cancellationToken.IsCancellationRequested) return (null, SocketError.OperationAborted);
        return (null, limit.IsCancellationRequested ? SocketError.TimedOut : error);
    }

    // A dial to a free port of this machine's ephemeral range may be given that very port as its source, and TCP then connects it to itself
    // (simultaneous open). That would also keep the real listener from its port.
    internal static bool IsOwnEcho(Socket socket) => Equals(socket.LocalEndPoint, socket.RemoteEndPoint);

    private sealed class Attempt : SocketAsyncEventArgs
    {
        private readonly TaskCompletionSource<SocketError> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<SocketError> RunAsync(Socket socket, CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested) return SocketError.OperationAborted;
            if (!socket.ConnectAsync(this)) return SocketError;
            var onCancel = cancellationToken.UnsafeRegister(static attempt => Socket.CancelConnectAsync((Attempt)attempt!), this);
            await using (onCancel.ConfigureAwait(false))
                return await _done.Task.ConfigureAwait(false);
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => _done.TrySetResult(SocketError);
    }
}
