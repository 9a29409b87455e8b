using System.Net.Sockets;

namespace Edge.Sync.Transports.Sockets;

/// <summary>Accepts connections until cancelled. A failed accept is reported and waited out, never thrown.</summary>
internal static class AcceptLoop
{
    /// <summary>After so many failures in a row, some seconds in all, the listening socket itself is taken for broken (as on a phone that slept).</summary>
    internal const int FailuresMax = 8;

    internal static readonly TimeSpan WaitMinimum = TimeSpan.FromMilliseconds(50);
    internal static readonly TimeSpan WaitMaximum = TimeSpan.FromSeconds(5);

    /// <summary>Returns when cancelled, or when the listening socket is broken.</summary>
    /// <param name="host">Told of failures.</param>
    /// <param name="link">The listener's link.</param>
    /// <param name="note">What the listener's link says while all is well.</param>
    /// <param name="accept">Accepts one connection.</param>
    /// <param name="take">Takes the connection over; must not throw and must not wait.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public static async Task RunAsync(
        ISyncLinkHost host, string link, string? note, Func<CancellationToken, ValueTask<Socket>> accept, Action<Socket> take, CancellationToken cancellationToken)
    {
        var backoff = Backoff.For(host, link, WaitMinimum, WaitMaximum);
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            SocketError error;
            try
            {
                take(await accept(cancellationToken).ConfigureAwait(false));
                if (failures > 0) host.Report(link, LinkState.Listening, note);
                failures = 0;
                backoff.Reset();
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                error = e.SocketErrorCode;
            }

            var givesUp = ++failures == FailuresMax;
            var wait = givesUp ? Task.CompletedTask : Task.Delay(backoff.Next(), host.TimeProvider, cancellationToken);
            host.Report(link, LinkState.Faulted, $"A connection could not be accepted ({error}). Trying again; if this stays, look for too many open files.");
            if (givesUp) return;
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
