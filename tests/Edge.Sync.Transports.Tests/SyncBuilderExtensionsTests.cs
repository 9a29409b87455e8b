using System.Net;
using System.Runtime.CompilerServices;

namespace Edge.Sync.Transports.Tests;

public class SyncBuilderExtensionsTests
{
    private readonly SyncBuilder _sync = NewBuilder();

    [Fact]
    public void Each_use_adds_one_transport_named_for_its_place()
    {
        var returned = _sync.UseLan("quick-start").UseTcp("hub.example", 5000).UseTcpListener(5001).UseTcpListener(new IPEndPoint(IPAddress.IPv6Any, 0))
            .UseInMemory(new InMemoryNetwork(), "alice").UseWebSocket(new Uri("wss://me:secret@hub.example/sync?token=secret"));
        Assert.Same(_sync, returned);
        Assert.Equal(["lan:quick-start", "tcp:hub.example:5000", "tcp-listen:127.0.0.1:5001", "tcp-listen:[::]:0", "memory:alice", "wss://hub.example/sync"],
            TransportsOf(_sync).Select(static transport => transport.Name));
    }

    [Fact]
    public void Slips_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => _sync.UseLan(" "));
        Assert.Contains("128", Assert.Throws<ArgumentException>(() => _sync.UseLan(new string('x', 129))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _sync.UseTcp("", 5000));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sync.UseTcp("hub", 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sync.UseTcp("hub", 65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sync.UseTcpListener(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sync.UseTcpListener(65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sync.UseTcpListener(5000, connectionsMax: 0));
        Assert.Throws<ArgumentException>(() => _sync.UseInMemory(new InMemoryNetwork(), ""));
        Assert.Empty(TransportsOf(_sync));
    }

    // A builder is made by StartSync only; these tests need no database.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SyncBuilder NewBuilder();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Transports")]
    private static extern List<ISyncTransport> TransportsOf(SyncBuilder sync);
}
