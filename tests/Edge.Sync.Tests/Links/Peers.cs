using System.Net;
using System.Net.Sockets;

namespace Edge.Sync.Tests.Links;

/// <summary>Waits on databases that sync, without polling.</summary>
internal static class Peers
{
    /// <summary>Waits until a document is as it should be; a test that never gets there ends by its token.</summary>
    public static async Task<Job> WhenAsync(this EdgeDatabase database, string name, Func<Job, bool> condition)
    {
        await foreach (var jobs in database.Documents<Job>().Where(job => job.Id == DocumentId.Named(name)).WatchAsync(TestContext.Current.CancellationToken))
            foreach (var job in jobs)
                if (condition(job)) return job;
        throw new InvalidOperationException("The watch ended.");
    }

    /// <summary>A port on the loopback interface that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
