using Edge.Sync.Log;

namespace Edge.Sync.Tests.Log;

/// <summary>What waits for its seal is in memory: a process that is killed gets it again. How much that is at worst, one change after the other.</summary>
public class UnsealedLossTests
{
    /// <summary>One change beside the distance of two seals.</summary>
    private const long OneChangeBytesMax = 4 << 10;

    private readonly Random _random = new(1);

    [Fact]
    public void Device_that_was_alone_for_a_month_has_at_most_the_distance_of_two_seals_sent_again()
    {
        var device = Changes.NewReplica(1);
        for (var i = 0; i < 1500; i++) Edit(device);
        var worst = WorstAfterKill(device);
        Assert.InRange(worst, SealPlan.BytesMax / 2, SealPlan.BytesMax + OneChangeBytesMax);
    }

    [Fact]
    public void Own_changes_between_those_of_others_wait_alone_and_those_of_others_are_applied()
    {
        var (device, other) = (Changes.NewReplica(1), Changes.NewReplica(2));
        var given = 0;
        for (var i = 0; i < 600; i++)
        {
            if (i % 3 == 0) Edit(device);
            Edit(other);
            var changes = Changes.AllSealed(other);
            Give(device, new(), changes[given..]);
            given = changes.Count;
        }
        var worst = WorstAfterKill(device);
        Assert.InRange(worst, SealPlan.BytesMax / 2, SealPlan.BytesMax + OneChangeBytesMax);
    }

    [Fact]
    public void Hub_that_relays_many_devices_has_no_more_of_them_on_the_way_than_one_alone()
    {
        var hub = Changes.NewReplica(1);
        for (var number = 0; number < 20; number++)
        {
            var device = Changes.NewReplica(10 + number);
            for (var i = 0; i < 100; i++) Edit(device);
            Give(hub, new(), Changes.AllSealed(device));
        }
        var worst = WorstAfterKill(hub);
        Assert.InRange(worst, SealPlan.BytesMax / 2, SealPlan.BytesMax + OneChangeBytesMax);
    }

    /// <summary>Sends all, and kills the receiver where that costs most; then goes on from what it holds.</summary>
    private static long WorstAfterKill(Replica source)
    {
        var changes = Changes.AllSealed(source);
        var (worst, worstAt) = (0L, 0);
        var receiver = Changes.NewReplica(90);
        var room = new WaitingRoom();
        for (var i = 0; i < changes.Count; i++)
        {
            Give(receiver, room, [changes[i]]);
            var waiting = changes[..(i + 1)].Where(change => !IsHeld(receiver, change)).Sum(static change => (long)change.Bytes.Length);
            if (waiting > worst) (worst, worstAt) = (waiting, i);
        }
        Assert.Equal(source.Log.Held, receiver.Log.Held);

        var killed = Changes.NewReplica(91);
        Give(killed, new(), changes[..(worstAt + 1)]);
        var again = changes.FindAll(change => !IsHeld(killed, change));
        var sentTwice = again.Sum(static change => (long)change.Bytes.Length) - changes[(worstAt + 1)..].Sum(static change => (long)change.Bytes.Length);
        Give(killed, new(), again);
        Assert.Equal(source.Log.Held, killed.Log.Held);
        Assert.Equal(worst, sentTwice);
        TestContext.Current.TestOutputHelper?.WriteLine($"{worst} bytes are sent again at worst, of {changes.Sum(static change => (long)change.Bytes.Length)} in {changes.Count} changes");
        return worst;
    }

    private static bool IsHeld(Replica replica, in ReceivedChange change) => replica.Log.Held.Contains(Change.Parse(change.Bytes).Written.Last);

    private static void Give(Replica target, WaitingRoom room, List<ReceivedChange> changes)
    {
        target.Begin();
        Assert.Null(target.Receive(room, [.. changes]).Refused);
        target.Commit();
    }

    private void Edit(Replica replica) => Changes.Edit(replica, DocumentId.Named($"{_random.Next(20)}"), job => job.Title = new('x', _random.Next(1500)));
}
