using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Tests.Log;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Messages between two sessions: read, and told apart from what a later version may say.</summary>
internal sealed class MessageCodec() : FuzzCodec<byte[]>("sync.message")
{
    public static IEnumerable<byte[]> Messages()
    {
        var replica = Changes.NewReplica(5);
        replica.Begin();
        Changes.ApplyAll(replica, Changes.Varied(4));
        replica.Commit();
        var version = replica.Log.ToVersion(0);
        yield return Frame(output => SyncMessage.WriteHello(output, new(Changes.Database, new(1, 2), 3, version.Fingerprint, HasHeard: false, KeeperState.Incomplete)));
        yield return Frame(output => SyncMessage.WriteHave(output, new(true, false, false, [.. version.Ends], 1, [new("job", DocumentId.Named("ada")), new("patient", DocumentId.Named("ben"))])));
        yield return Frame(output => SyncMessage.WriteHave(output, new(false, true, true, [.. version.Ends[..1]], 300, null)));
        var changes = Changes.All(replica).Select((change, i) => new ReceivedChange(change.Bytes, i % 2 == 0 ? default(ReadOnlyMemory<byte>) : new byte[64], i % 3 == 0 ? new byte[64] : default(ReadOnlyMemory<byte>))).ToList();
        yield return Frame(output => SyncMessage.WriteChanges(output, [.. changes.Take(4)]));
        yield return Frame(output => SyncMessage.WriteChanges(output, [.. changes.Skip(4).Take(2)]));
        yield return Frame(SyncMessage.WritePing);
        var keys = Enumerable.Range(1, 3).Select(seed => ContentKey.Create(new("patient", DocumentId.Named($"{seed}")), new SeededRandom(seed))).ToList();
        yield return Frame(output => SyncMessage.WriteKeys(output, keys));
        yield return Frame(output => SyncMessage.WriteWantKeys(output, [.. keys.Select(static key => key.Id)]));
        var names = replica.Store.ReadChanges(0, int.MaxValue).Take(3).Select(static (stored, i) => new SectionName(new(stored.Last, stored.Id), i * 100)).ToList();
        yield return Frame(output => SyncMessage.WriteWantSections(output, names));
        yield return Frame(output => SyncMessage.WriteSections(output, [new(names[0], new byte[] { 1, 2, 3 }), new(names[1], default), new(names[2], new byte[300])]));
        yield return Frame(output => SyncMessage.WriteBye(output, EdgeErrorCode.ForkedFeed, "No more \U0001F600"));
    }

    protected override IEnumerable<byte[]> MakeSeeds() => Messages();

    protected override byte[] Read(byte[] input)
    {
        var reader = new WireReader(input, default);
        reader.ReadArrayHeader("message", 1, exactly: false);
        var output = new ArrayBufferWriter<byte>();
        switch (reader.ReadInt32("message.type"))
        {
            case SyncMessage.Hello:
                SyncMessage.WriteHello(output, SyncMessage.ReadHello(ref reader));
                break;
            case SyncMessage.Have:
                SyncMessage.WriteHave(output, SyncMessage.ReadHave(ref reader, 10_000, 1000));
                break;
            case SyncMessage.Keys: SyncMessage.WriteKeys(output, SyncMessage.ReadKeys(ref reader, 1024)); break;
            case SyncMessage.WantKeys: SyncMessage.WriteWantKeys(output, SyncMessage.ReadWantKeys(ref reader, 1024)); break;
            case SyncMessage.WantSections: SyncMessage.WriteWantSections(output, SyncMessage.ReadWantSections(ref reader, 1024)); break;
            case SyncMessage.Sections: SyncMessage.WriteSections(output, SyncMessage.ReadSections(ref reader, 1024)); break;
            case SyncMessage.Changes: SyncMessage.WriteChanges(output, SyncMessage.ReadChanges(ref reader)); break;
            case SyncMessage.Bye:
                var (code, reason) = SyncMessage.ReadBye(ref reader);
                SyncMessage.WriteBye(output, code, reason);
                break;
            default: return [];
        }
        return output.WrittenSpan.ToArray();
    }

    // A later version may put more behind what this one knows: what was read is written, and read again, without loss.
    protected override void Check(byte[] value, byte[] input)
    {
        if (value.Length > 0) AssertSame(value, Read(value), "The message");
    }

    private static byte[] Frame(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>A stream of frames, in pieces as a network gives them, into a session that has something to send: it goes on, or ends with a fault; it never throws.</summary>
internal sealed class SessionCodec() : FuzzCodec<SyncSession>("sync.session")
{
    private static readonly SyncLimits s_limits = new();

    public override int AllocatedBytesBase => 128 << 10;

    protected override IEnumerable<byte[]> MakeSeeds()
    {
        var messages = MessageCodec.Messages().ToList();
        yield return Stream(messages);
        yield return Stream(messages[..3]);
        yield return Stream(messages[..1], messages[3..6]);
        yield return Stream(messages[1..]);
    }

    protected override SyncSession Read(byte[] input)
    {
        var session = new SyncSession(Changes.Database, new(9, 9), 9, s_limits);
        session.Tick(DateTimeOffset.UnixEpoch);
        session.OnVersion(LogVersion.Empty);
        var half = input.Length / 2;
        var first = new Segment(input.AsMemory(0, half), null);
        var last = new Segment(input.AsMemory(half), first);
        var stream = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        while (FrameCodec.TryRead(ref stream, s_limits.FrameBytesMax, out var frame)) session.Receive(frame.ToArray());
        return session;
    }

    protected override void Check(SyncSession value, byte[] input)
    {
        while (value.TryPeekClaims(out var claims)) value.OnResolved(Array.ConvertAll(claims, static claim => claim.Last));
        while (value.TryTakeReceived(out _) || value.TryTakeKeys(out _) || value.TryTakeWantedKeys(out _) || value.TryTakeNote(out _) || value.TryTakeSections(out _)) { }
        if (value.TryTakeWantedSections(out var names, out _)) value.AnswerSections(Array.ConvertAll(names, static name => new ReceivedSection(name, default)));
        value.OnApplied(new ApplyOutcome { AnyEarly = true, AnyUntold = true });
        var output = new ArrayBufferWriter<byte>();
        while (value.TryGenerate(output)) { }
        value.Tick(DateTimeOffset.UnixEpoch.AddHours(1), hasHeard: true);
        while (value.TryGenerate(output)) { }
    }

    private static byte[] Stream(params IEnumerable<byte[]>[] messages)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var message in messages.SelectMany(m => m)) FrameCodec.Write(output, message);
        return output.WrittenSpan.ToArray();
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            (Memory, RunningIndex) = (memory, before is null ? 0 : before.RunningIndex + before.Memory.Length);
            before?.Next = this;
        }
    }
}
