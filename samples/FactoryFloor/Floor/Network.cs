using System.Net;
using Edge.Sync;

namespace FactoryFloor.Floor;

/// <summary>The floor's network: the gateway listens on the loopback interface, the presses dial it. One cut takes all links.</summary>
internal sealed class Network(Node gateway, IReadOnlyList<Node> presses)
{
    private static readonly TimeSpan s_portWait = TimeSpan.FromMilliseconds(10);

    public bool IsUp { get; private set; }

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        gateway.Connect(sync => sync.UseTcpListener(port: 0));
        var port = await PortAsync(cancellationToken);
        foreach (var press in presses)
            press.Connect(sync => sync.UseTcp("127.0.0.1", port));
        IsUp = true;
    }

    public async Task CutAsync()
    {
        IsUp = false;
        await Task.WhenAll(presses.Append(gateway).Select(node => node.DisconnectAsync()));
    }

    // The system gave a free port; the link is named after it.
    private async Task<int> PortAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (gateway.Status?.Links.FirstOrDefault(link => link.State == LinkState.Listening) is { } link)
                return IPEndPoint.Parse(link.Link[(link.Link.IndexOf(':', StringComparison.Ordinal) + 1)..]).Port;
            await Task.Delay(s_portWait, cancellationToken);
        }
    }
}
