using System.IO.Pipelines;
using Edge.Sync.Replication;

namespace Edge.Sync.Tests.Links;

/// <summary>A transport that tells when a session of another one was refused.</summary>
internal sealed class FaultWatch : ISyncTransport
{
    private readonly ISyncTransport _inner;
    private readonly TaskCompletionSource _refused;

    public FaultWatch(int port, TaskCompletionSource refused) : this(builder => builder.UseTcp("127.0.0.1", port), refused) { }

    public FaultWatch(InMemoryNetwork network, string name, TaskCompletionSource refused) : this(builder => builder.UseInMemory(network, name), refused) { }

    private FaultWatch(Action<SyncBuilder> use, TaskCompletionSource refused)
    {
        var builder = new SyncBuilder();
        use(builder);
        (_inner, _refused) = (builder.Transports[0], refused);
    }

    public string Name => _inner.Name;

    public Task RunAsync(ISyncLinkHost host, CancellationToken cancellationToken) => _inner.RunAsync(new Host(host, _refused), cancellationToken);

    private sealed class Host(ISyncLinkHost inner, TaskCompletionSource refused) : ISyncLinkHost
    {
        public ReplicaId Replica => inner.Replica;

        public TimeProvider TimeProvider => inner.TimeProvider;

        public void Report(string link, LinkState state, string? reason = null, EdgeErrorCode? code = null) => inner.Report(link, state, reason, code);

        public async Task<SessionEnd> RunSessionAsync(IDuplexPipe connection, string link, CancellationToken cancellationToken)
        {
            var end = await inner.RunSessionAsync(connection, link, cancellationToken);
            if (end == SessionEnd.Refused) refused.TrySetResult();
            return end;
        }
    }
}
