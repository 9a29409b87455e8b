using System.Buffers;
using System.IO.Pipelines;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Scheduling;
using Edge.Sync.Trust.Content;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Links;

public class SyncDriverTests
{
    private static readonly DatabaseId s_database = DatabaseId.OfOpen("default");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault_while_the_peer_does_not_read_ends_the_session_with_its_reason()
    {
        var link = new Link(outputBytesMax: 1);
        await link.SayHelloAsync();
        var driver = link.Drive(TimeProvider.System);
        var running = driver.RunAsync(Token);
        var unread = await link.FromDriver.Reader.ReadAsync(Token);
        link.FromDriver.Reader.AdvanceTo(unread.Buffer.Start);
        await link.ToDriver.Writer.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff }, Token);
        Assert.Equal(EdgeErrorCode.ProtocolMismatch, (await running).Code);
    }

    [Fact]
    public async Task Fault_is_told_to_the_peer_before_the_session_ends()
    {
        var link = new Link();
        await link.ToDriver.Writer.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0xff }, Token);
        var driver = link.Drive(TimeProvider.System);
        await driver.RunAsync(Token);
        var last = await link.ReadTypeAsync();
        while (last != SyncMessage.Bye)
            last = await link.ReadTypeAsync();
    }

    [Fact]
    public async Task Failure_of_the_log_ends_the_session_with_its_reason()
    {
        var link = new Link();
        await link.SayHelloAsync();
        await link.SayAsync(static frame => SyncMessage.WriteChanges(frame, [new(new byte[LogLimits.ChangeBytesMin], default)]));
        var driver = link.Drive(TimeProvider.System, new InvalidOperationException("The log is out of order."));
        var fault = await driver.RunAsync(Token);
        Assert.Equal(SessionEnd.Refused, fault.End);
        Assert.Contains("The log is out of order.", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_that_takes_minutes_is_no_silence()
    {
        var time = new FakeTimeProvider();
        var link = new Link(inputBytesMax: 1);
        var driver = link.Drive(time);
        var running = driver.RunAsync(Token);
        await link.SayHelloAsync();
        Assert.Equal(SyncMessage.Hello, await link.ReadTypeAsync());
        Assert.Equal(SyncMessage.Have, await link.ReadTypeAsync());
        await link.ToDriver.Writer.WriteAsync(new byte[] { 0, 0x10, 0, 0 }, Token);
        for (var i = 0; i < 12; i++)
        {
            // Ends when the driver has looked at the bytes: the pipe holds one at most.
            await link.ToDriver.Writer.WriteAsync(new byte[1000], Token);
            time.Advance(TimeSpan.FromSeconds(10));
            await link.ReadTypeAsync();
        }
        await link.ToDriver.Writer.CompleteAsync();
        Assert.Equal("The connection was closed.", (await running).Reason);
    }

    [Fact]
    public async Task Peer_that_neither_reads_nor_speaks_counts_as_gone()
    {
        var time = new FakeTimeProvider();
        var link = new Link(outputBytesMax: 1);
        await link.SayHelloAsync();
        var driver = link.Drive(time);
        var running = driver.RunAsync(Token);
        while (!running.IsCompleted)
        {
            Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Contains("said nothing", (await running).Reason, StringComparison.Ordinal);
    }

    /// <summary>The other end of a driver's connection, spoken by hand.</summary>
    private sealed class Link(long inputBytesMax = 0, long outputBytesMax = 0) : IDuplexPipe
    {
        public Pipe ToDriver { get; } = new(new PipeOptions(pauseWriterThreshold: inputBytesMax, resumeWriterThreshold: inputBytesMax));

        public Pipe FromDriver { get; } = new(new PipeOptions(pauseWriterThreshold: outputBytesMax, resumeWriterThreshold: outputBytesMax));

        public PipeReader Input => ToDriver.Reader;

        public PipeWriter Output => FromDriver.Writer;

        public SyncDriver Drive(TimeProvider time, Exception? onApply = null) => new(this, new Log(onApply), new(), time, EdgeScheduler.Default, new());

        public Task SayHelloAsync() => SayAsync(static frame => SyncMessage.WriteHello(frame, new(s_database, new(2, 2), 2, default, HasHeard: false, KeeperState.Whole)));

        public async Task SayAsync(Action<IBufferWriter<byte>> write)
        {
            var frame = new ArrayBufferWriter<byte>();
            write(frame);
            FrameCodec.Write(ToDriver.Writer, frame.WrittenSpan);
            await ToDriver.Writer.FlushAsync(Token);
        }

        /// <summary>The type of the next frame from the driver.</summary>
        public async Task<int> ReadTypeAsync()
        {
            while (true)
            {
                var read = await FromDriver.Reader.ReadAsync(Token);
                var rest = read.Buffer;
                if (FrameCodec.TryRead(ref rest, new SyncLimits().FrameBytesMax, out var frame))
                {
                    var reader = new WireReader(frame.ToArray(), default);
                    reader.ReadArrayHeader("message");
                    var type = reader.ReadInt32("type");
                    FromDriver.Reader.AdvanceTo(rest.Start);
                    return type;
                }
                FromDriver.Reader.AdvanceTo(rest.Start, rest.End);
                Assert.False(read.IsCompleted);
            }
        }
    }

    private sealed class Log(Exception? onApply) : ISyncLog
    {
        public ReplicaId Replica => new(1, 1);

        public ulong Instance => 1;

        public DatabaseId Database => s_database;

        public Task<LogVersion> SyncAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new LogVersion([new(new(Replica, 1), new(new(1, 2, 3, 4)))], 0));

        public Task<(List<StoredChange> Changes, long Cursor)> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
            Task.FromResult<(List<StoredChange>, long)>(([], 0));

        public Task<ApplyOutcome> ApplyAsync(WaitingRoom room, ReceivedChange[] changes, CancellationToken cancellationToken) =>
            onApply is null ? Task.FromResult(new ApplyOutcome()) : Task.FromException<ApplyOutcome>(onApply);

        public IEnumerable<ContentKey> FindKeys(IReadOnlyList<StoredChange> changes) => [];

        public IEnumerable<ContentKey> FindKeys(IReadOnlyList<ContentKeyId> keys) => [];

        public Task<IReadOnlyList<ContentKeyId>> ReadMissingKeysAsync(ContentKeyId after, int countMax, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ContentKeyId>>([]);

        public Task TakeKeysAsync(WaitingRoom room, ContentKey[] keys, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task NoteAsync(KeeperNote note, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<WantedSections> ReadWantedAsync(WantedPlace after, int countMax, CancellationToken cancellationToken) => Task.FromResult(new WantedSections([], default, IsLast: true));

        public Task<List<ReceivedSection>> ReadSectionsAsync(SectionName[] names, int bytesMax, CancellationToken cancellationToken) => Task.FromResult(new List<ReceivedSection>());

        public Task<FillOutcome> FillAsync(ReceivedSection[] sections, CancellationToken cancellationToken) => Task.FromResult(new FillOutcome());

        public Task<Dot[]> ResolveAsync(FeedEnd[] claims, CancellationToken cancellationToken) => Task.FromResult(Array.ConvertAll(claims, static claim => claim.Last));
    }
}
