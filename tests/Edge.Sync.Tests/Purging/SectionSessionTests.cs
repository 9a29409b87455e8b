using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Purging;

/// <summary>Asking for sections and answering, as a session does it, with a peer that is spoken by hand.</summary>
public class SectionSessionTests
{
    private static readonly DocumentKey s_ada = new("job", DocumentId.Named("ada"));
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch.AddTicks(1);

    [Fact]
    public void Sections_come_back_in_questions_of_limited_size_each_asked_once_a_pass()
    {
        var (author, device) = NewPair(35);
        var session = Established(new SyncLimits { SectionsMax = 10 });
        var wanted = device.ReadAbsent(s_ada);
        device.Begin();
        device.Want(s_ada);
        device.Commit();
        // The peer lacks every third.
        var asked = new List<SectionName>();
        while (Ask(session, device) is { } question)
        {
            asked.AddRange(question);
            Answer(session, device, [.. author.ReadSections(question, int.MaxValue).Select((section, i) => wanted.IndexOf(section.Name) % 3 == 0 ? section with { Bytes = default } : section)]);
        }
        Assert.Equal(wanted, asked);
        Assert.Equal(wanted.Where((_, i) => i % 3 == 0), device.ReadAbsent(s_ada));
        // Not again before its time.
        session.Tick(s_start.AddSeconds(19), hasHeard: true);
        Assert.Null(Ask(session, device));
        session.Tick(s_start.AddSeconds(21), hasHeard: true);
        while (Ask(session, device) is { } question)
            Answer(session, device, author.ReadSections(question, int.MaxValue));
        Assert.Empty(device.ReadAbsent(s_ada));
        Assert.Equal(author.ComputeStateHash(), device.ComputeStateHash());
    }

    [Fact]
    public void Answer_holds_what_its_bytes_allow_and_the_asker_goes_on_behind_it()
    {
        var (author, device) = NewPair(20);
        var session = Established(new());
        device.Begin();
        device.Want(s_ada);
        device.Commit();
        var answers = 0;
        while (Ask(session, device) is { } question)
        {
            var answer = author.ReadSections(question, 300);
            Assert.InRange(answer.Sum(static section => section.Bytes.Length), 1, 300);
            Answer(session, device, answer);
            answers++;
        }
        Assert.InRange(answers, 4, 20);
        Assert.Equal(author.ComputeStateHash(), device.ComputeStateHash());
    }

    [Fact]
    public void False_section_ends_the_session_and_changes_nothing()
    {
        var (author, device) = NewPair(3);
        var session = Established(new());
        device.Begin();
        device.Want(s_ada);
        device.Commit();
        var genuine = author.ReadSections(Ask(session, device)!, int.MaxValue);
        var altered = genuine[1].Bytes.ToArray();
        altered[^1] ^= 1;
        Answer(session, device, [genuine[1] with { Bytes = altered }]);
        Assert.Equal(EdgeErrorCode.FalseSection, session.Fault!.Code);
        Assert.Equal(3, device.ReadAbsent(s_ada).Count);
        Assert.Equal(SyncMessage.Bye, TypeOf(Generate(session)!));
    }

    [Fact]
    public void What_nobody_asked_for_is_passed_over()
    {
        var (author, device) = NewPair(3);
        var session = Established(new());
        var sections = author.ReadSections(device.ReadAbsent(s_ada), int.MaxValue);
        Say(session, output => SyncMessage.WriteSections(output, sections));
        Assert.False(session.TryTakeSections(out _));
        device.Begin();
        device.Want(s_ada);
        device.Commit();
        var question = Ask(session, device)!;
        var foreign = sections[0] with { Name = sections[0].Name with { Number = 7 } };
        Say(session, output => SyncMessage.WriteSections(output, [foreign]));
        Assert.False(session.TryTakeSections(out _));
        Answer(session, device, author.ReadSections(question, int.MaxValue));
        // The same answer again, late.
        Say(session, output => SyncMessage.WriteSections(output, sections));
        Assert.False(session.TryTakeSections(out _));
        Assert.Null(session.Fault);
        Assert.Empty(device.ReadAbsent(s_ada));
    }

    [Fact]
    public void Of_many_questions_without_reading_the_newest_is_answered()
    {
        var session = Established(new());
        var name = new SectionName(new(new(new(1, 1), 5), default), 0);
        for (var i = 0; i < 1000; i++)
        {
            var number = i;
            Say(session, output => SyncMessage.WriteWantSections(output, [name with { Number = number }]));
        }
        Assert.True(session.TryTakeWantedSections(out var names, out _));
        Assert.Equal(999, Assert.Single(names).Number);
        Assert.False(session.TryTakeWantedSections(out _, out _));
    }

    [Fact]
    public void Too_many_of_anything_end_the_session()
    {
        var name = new SectionName(new(new(new(1, 1), 5), default), 0);
        AssertRefused(static _ => { }, isFault: false);
        AssertRefused(output => SyncMessage.WriteWantSections(output, [.. Enumerable.Repeat(name, 1024)]), isFault: false);
        AssertRefused(output => SyncMessage.WriteWantSections(output, [.. Enumerable.Repeat(name, 1025)]), isFault: true);
        AssertRefused(output => SyncMessage.WriteSections(output, [.. Enumerable.Repeat(new ReceivedSection(name, default), 1025)]), isFault: true);
        AssertRefused(output => SyncMessage.WriteHave(output, new(true, false, false, [], 1, [.. Enumerable.Repeat(s_ada, 1000)])), isFault: false);
        AssertRefused(output => SyncMessage.WriteHave(output, new(true, false, false, [], 1, [.. Enumerable.Repeat(s_ada, 1001)])), isFault: true);

        static void AssertRefused(Action<IBufferWriter<byte>> write, bool isFault)
        {
            var session = Established(new());
            var frame = new ArrayBufferWriter<byte>();
            write(frame);
            if (frame.WrittenCount > 0) session.Receive(frame.WrittenMemory);
            Assert.Equal(isFault, session.Fault is not null);
        }
    }

    [Fact]
    public void Have_that_comes_late_takes_back_nothing_that_was_said_of_holes()
    {
        var session = Established(new());
        var end = new FeedEnd(new(new(7, 7), 3), new(new(1, 2, 3, 4)));
        Say(session, output => SyncMessage.WriteHave(output, new(true, false, false, [end], 2, [s_ada])));
        Say(session, static output => SyncMessage.WriteHave(output, new(false, false, false, [], 1, [])));
        var notes = new List<KeeperNote>();
        while (session.TryPeekClaims(out var claims))
            session.OnResolved(Array.ConvertAll(claims, static claim => claim.Last));
        while (session.TryTakeNote(out var note)) notes.Add(note);
        // The first one came with the hello: both held the same, and the peer said that it lacks nothing.
        Assert.Equal([true, false, false], notes.Select(static note => note.IsFirst));
        Assert.Equal([0, 1, 1], notes.Select(static note => note.Absent!.Count));
        Assert.Equal([end], notes[1].Ends);
    }

    [Fact]
    public void Peer_that_may_evict_is_no_keeper_whatever_it_says()
    {
        var session = Established(new(), KeeperState.MayEvict);
        Say(session, static output => SyncMessage.WriteHave(output, new(true, false, false, [], 1, [])));
        while (session.TryPeekClaims(out _))
            session.OnResolved([]);
        Assert.False(session.TryTakeNote(out _));
    }

    private static (Replica Author, Replica Device) NewPair(int edits)
    {
        var (author, device) = (Changes.NewReplica(1), Changes.NewReplica(2, mayEvict: true));
        for (var i = 0; i < edits; i++)
            Changes.Edit(author, s_ada.Id, static job => job.Notes.Append("note "));
        Changes.Push(author, device);
        device.Begin();
        device.Evict(s_ada);
        device.Commit();
        return (author, device);
    }

    private static SyncSession Established(SyncLimits limits, KeeperState state = KeeperState.Whole)
    {
        var session = new SyncSession(Changes.Database, new(1, 1), 1, limits);
        session.Tick(s_start);
        session.OnVersion(LogVersion.Empty);
        Say(session, output => SyncMessage.WriteHello(output, new(Changes.Database, new(2, 2), 2, LogVersion.Empty.Fingerprint, HasHeard: true, state)));
        Assert.True(session.IsEstablished);
        while (Generate(session) is not null) { }
        return session;
    }

    /// <summary>The question that a session asks, if it is time for one.</summary>
    private static SectionName[]? Ask(SyncSession session, Replica device)
    {
        while (session.TryTakeAbsent(out var after, out var countMax))
            session.AskSections(device.ReadWanted(after, countMax));
        while (Generate(session) is { } frame)
        {
            if (TypeOf(frame) != SyncMessage.WantSections) continue;
            var reader = new WireReader(frame, default);
            reader.ReadArrayHeader("message");
            reader.ReadInt32("type");
            return SyncMessage.ReadWantSections(ref reader, 1024);
        }
        return null;
    }

    private static void Answer(SyncSession session, Replica device, IReadOnlyList<ReceivedSection> sections)
    {
        Say(session, output => SyncMessage.WriteSections(output, sections));
        Assert.True(session.TryTakeSections(out var taken));
        device.Begin();
        var outcome = device.Fill(taken);
        device.Commit();
        session.OnFilled(taken, outcome);
    }

    private static void Say(SyncSession session, Action<IBufferWriter<byte>> write)
    {
        var frame = new ArrayBufferWriter<byte>();
        write(frame);
        session.Receive(frame.WrittenMemory);
    }

    private static byte[]? Generate(SyncSession session)
    {
        var frame = new ArrayBufferWriter<byte>();
        return session.TryGenerate(frame) ? frame.WrittenSpan.ToArray() : null;
    }

    private static int TypeOf(byte[] frame)
    {
        var reader = new WireReader(frame, default);
        reader.ReadArrayHeader("message");
        return reader.ReadInt32("type");
    }
}
