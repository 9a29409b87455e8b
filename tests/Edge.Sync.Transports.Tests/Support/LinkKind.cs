using System.Net;
using System.Runtime.CompilerServices;
using Edge.Sync.Transports.InMemory;
using Edge.Sync.Transports.Lan;
using Edge.Sync.Transports.Tcp;

namespace Edge.Sync.Transports.Tests.Support;

/// <summary>The transports, for the suite that all of them pass.</summary>
public enum LinkKind
{
    InMemory,
    Tcp,
    Lan,
}

internal static class LinkKinds
{
    /// <summary>Starts two transports that find each other; the first listens, where one does.</summary>
    public static async Task<(RunningTransport First, RunningTransport Second)> StartPairAsync(this LinkKind kind, FakeHost first, FakeHost second, [CallerMemberName] string name = "")
    {
        switch (kind)
        {
            case LinkKind.InMemory:
                var network = new InMemoryNetwork();
                network.Connect("first", "second");
                return (RunningTransport.Start(new InMemoryTransport(network, "first"), first), RunningTransport.Start(new InMemoryTransport(network, "second"), second));
            case LinkKind.Tcp:
                var listener = new TcpListenerTransport(new(IPAddress.Loopback, 0));
                var listening = RunningTransport.Start(listener, first);
                await first.ReportAsync(LinkState.Listening);
                return (listening, RunningTransport.Start(new TcpDialerTransport("127.0.0.1", listener.BoundEndPoint!.Port), second));
            default:
                var place = MeetingPlace(name);
                return (RunningTransport.Start(new LanTransport(place), first), RunningTransport.Start(new LanTransport(place), second));
        }
    }

    /// <summary>A name that no other process running these tests uses.</summary>
    public static string MeetingPlace([CallerMemberName] string name = "") => $"{name}-{Environment.ProcessId}";
}
