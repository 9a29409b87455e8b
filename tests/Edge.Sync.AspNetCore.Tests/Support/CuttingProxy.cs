using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.AspNetCore.Tests.Support;

/// <summary>Passes connections on to a port, and cuts each after so many bytes of either direction.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly int _target;
    private int _bytesMax;
    private int _cuts;

    public CuttingProxy(int target, int bytesMax)
    {
        (_target, _bytesMax) = (target, bytesMax);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it has cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Cuts no more connections that come in from now on.</summary>
    public void Heal() => Volatile.Write(ref _bytesMax, int.MaxValue);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { /* stopped */ }
        await Task.WhenAll(connections);
    }

    private async Task PassAsync(TcpClient from)
    {
        using (from)
        using (var to = new TcpClient())
        {
            var max = Volatile.Read(ref _bytesMax);
            try
            {
                await to.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                var ended = await Task.WhenAny(CopyAsync(from.GetStream(), to.GetStream(), max), CopyAsync(to.GetStream(), from.GetStream(), max));
                if (await ended) Interlocked.Increment(ref _cuts);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { /* one side left */ }
            // A reset, not an end in order.
            from.Client.LingerState = to.Client.LingerState = new(true, 0);
        }
    }

    /// <summary>True where it was cut.</summary>
    private async Task<bool> CopyAsync(NetworkStream from, NetworkStream to, int max)
    {
        var buffer = new byte[4096];
        try
        {
            for (var left = max; left > 0;)
            {
                var count = await from.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)), _stop.Token);
                if (count == 0) return false;
                await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                left -= count;
            }
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { return false; }
    }
}
