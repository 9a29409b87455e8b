using System.Numerics;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests.Log;

public class SealTests
{
    private static readonly DocumentId s_pump = DocumentId.Named("pump-7");

    [Fact]
    public void Changes_wait_for_the_seal_that_covers_them()
    {
        var source = Written(count: 3);
        var sealedChanges = Changes.AllSealed(source);
        Assert.Equal([true, true, false], sealedChanges.Select(static change => change.Signature.IsEmpty));

        var (target, room) = (Changes.NewReplica(2), new WaitingRoom());
        Assert.Equal(0, Receive(target, room, sealedChanges[..2]).AcceptedCount);
        Assert.Equal(0UL, target.Log.Held[source.Log.Self]);
        Assert.Equal(2, room.Count);

        var outcome = Receive(target, room, sealedChanges[2..]);
        Assert.Null(outcome.Refused);
        Assert.Equal(3, outcome.AcceptedCount);
        Assert.Equal(0, room.Count);
        Assert.Equal(source.ComputeStateHash(), target.ComputeStateHash());
        // The seal is passed on with the change.
        Assert.Equal(sealedChanges[2].Signature.ToArray(), target.Store.ReadChanges(0, int.MaxValue)[2].Signature.ToArray());
    }

    [Fact]
    public void What_is_sealed_is_applied_though_more_waits()
    {
        var source = Written(count: 2);
        source.Sync();
        Write(source, 2);
        var changes = source.Store.ReadChanges(0, int.MaxValue).Select(static stored => stored.ToReceived()).ToArray();
        var (target, room) = (Changes.NewReplica(2), new WaitingRoom());
        Assert.Equal(2, Receive(target, room, changes).AcceptedCount);
        Assert.Equal(2, room.Count);
    }

    [Fact]
    public void Change_that_follows_an_unsealed_one_of_another_feed_waits_with_it()
    {
        var first = Written(count: 1);
        var second = Changes.NewReplica(5);
        Changes.Push(first, second);
        Write(second, 1);
        second.Sync();
        var changes = second.Store.ReadChanges(0, int.MaxValue).Select(static stored => stored.ToReceived()).ToArray();
        Assert.True(changes[0].Signature.IsEmpty);
        Assert.False(changes[1].Signature.IsEmpty);

        var (target, room) = (Changes.NewReplica(6), new WaitingRoom());
        Assert.Equal(0, Receive(target, room, changes).AcceptedCount);
        // Sent again, now with the seal of the first.
        var outcome = Receive(target, room, [.. Changes.AllSealed(first)]);
        Assert.Equal(2, outcome.AcceptedCount);
        Assert.Equal(second.ComputeStateHash(), target.ComputeStateHash());
    }

    [Fact]
    public void One_altered_bit_anywhere_is_refused_and_nothing_of_it_is_applied()
    {
        var source = Written(count: 2);
        Changes.AllSealed(source);
        var changes = source.ReadChanges(new(new(), -1, int.MaxValue, Tells: true)).Changes.Select(static stored => stored.ToReceived()).ToList();
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 400; i++)
        {
            var (target, room) = (Changes.NewReplica(2), new WaitingRoom());
            var altered = changes.Select(static change => new ReceivedChange(change.Bytes.ToArray(), change.Signature.ToArray(), change.Past)).ToArray();
            var victim = altered[random.Next(altered.Length)];
            var bytes = !victim.Signature.IsEmpty && random.Next(4) == 0 ? victim.Signature : victim.Bytes;
            System.Runtime.InteropServices.MemoryMarshal.AsMemory(bytes).Span[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var outcome = Receive(target, room, altered);
            Assert.Equal(0, outcome.AcceptedCount);
            Assert.Empty(Changes.All(target));
            if (outcome.Refused is not null) refused++;
            // A false replica id or counter may only look early.
            else Assert.True(outcome.AnyEarly || room.Count > 0);
        }
        Assert.True(refused > 150, $"{refused} of 400 were refused.");
    }

    [Fact]
    public void Only_the_owner_named_by_the_first_change_seals_a_feed()
    {
        var source = Written(count: 1);
        var stored = source.Store.ReadChanges(0, int.MaxValue)[0];
        var forged = TestKeys.SealOf(Changes.Database, stored.Last, stored.Id, SoftwareKey.Create());
        var (target, room) = (Changes.NewReplica(2), new WaitingRoom());
        var outcome = Receive(target, room, [new(stored.Bytes, forged.Signature)]);
        Assert.Equal(EdgeErrorCode.InvalidSeal, outcome.Refused?.Code);
        Assert.Equal(0, room.Count);

        var true_ = TestKeys.SealOf(Changes.Database, stored.Last, stored.Id);
        Assert.Equal(1, Receive(target, room, [new(stored.Bytes, true_.Signature)]).AcceptedCount);
    }

    [Fact]
    public void Seal_has_one_byte_string_of_the_two_that_a_signature_has()
    {
        var digest = new byte[32];
        for (var i = 0; i < 20; i++)
        {
            digest[0] = (byte)i;
            var low = P256.ToLowS(TestKeys.Key.Sign(digest));
            Assert.True(P256.Verify(TestKeys.Public, digest, low));
            var order = BigInteger.Parse("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);
            var high = (order - new BigInteger(low.AsSpan(32), isUnsigned: true, isBigEndian: true)).ToByteArray(isUnsigned: true, isBigEndian: true);
            byte[] other = [.. low[..32], .. new byte[32 - high.Length], .. high];
            Assert.False(P256.Verify(TestKeys.Public, digest, other));
            Assert.Equal(low, P256.ToLowS(other));
            digest[1] ^= 1;
            Assert.False(P256.Verify(TestKeys.Public, digest, low));
        }
        Assert.False(P256.Verify(PublicKey.OfP256(new byte[64]), digest, new byte[64]));
        Assert.False(P256.Verify(TestKeys.Public, digest, new byte[63]));
    }

    [Fact]
    public void At_most_256_changes_or_64_KiB_lie_between_two_seals()
    {
        var plan = new SealPlan();
        for (var i = 1UL; i <= 600; i++) plan.Append(End(i), 100);
        Assert.Equal([256UL, 512, 600], plan.Due().Select(static end => end.Last.Counter));
        plan.Sealed(End(512).Last);
        Assert.Equal([600UL], plan.Due().Select(static end => end.Last.Counter));
        plan.Append(End(601), 64 << 10);
        plan.Append(End(602), 1);
        Assert.Equal([600UL, 601, 602], plan.Due().Select(static end => end.Last.Counter));
        plan.Sealed(End(602).Last);
        Assert.Empty(plan.Due());
    }

    [Fact]
    public void Own_change_is_sealed_before_many_changes_of_others_follow_it()
    {
        var plan = new SealPlan();
        plan.AppendForeign(10 << 20);
        plan.Append(End(1), 10);
        plan.Append(End(2), 10);
        Assert.Equal([2UL], plan.Due().Select(static end => end.Last.Counter));
        plan.AppendForeign(SealPlan.ForeignBytesMax + 1);
        plan.Append(End(3), 10);
        Assert.Equal([2UL, 3], plan.Due().Select(static end => end.Last.Counter));
    }

    [Fact]
    public void What_was_not_sealed_before_a_restart_is_sealed_after_it()
    {
        var replica = Written(count: 3);
        var again = new Replica(replica.Store, TimeProvider.System, new SeededRandom(1), TimeSpan.FromMinutes(5), TestKeys.Public);
        Assert.Equal(replica.Log.Held[replica.Log.Self], Assert.Single(again.PlanSync().Due).End.Last.Counter);
        again.Sync();
        Assert.True(again.PlanSync().IsDone);
        Assert.Empty(new Replica(replica.Store, TimeProvider.System, new SeededRandom(1), TimeSpan.FromMinutes(5), TestKeys.Public).PlanSync().Due);
    }

    [Fact]
    public void Nothing_beyond_the_last_seal_is_read_for_a_peer()
    {
        var replica = Written(count: 2);
        replica.Sync();
        Write(replica, 3);
        replica.Store.Sync([]);
        Assert.Equal(2, replica.ReadChanges(new(new(), -1, int.MaxValue)).Changes.Count);
        replica.Sync();
        Assert.Equal(5, replica.ReadChanges(new(new(), -1, int.MaxValue)).Changes.Count);
    }

    [Fact]
    public void Feed_goes_on_under_the_key_it_began_with_only()
    {
        var replica = Written(count: 1);
        var other = PublicKey.OfP256(SoftwareKey.Create().PublicKey.Span);
        var error = Assert.Throws<EdgeStorageException>(() => new Replica(replica.Store, TimeProvider.System, new SeededRandom(1), TimeSpan.FromMinutes(5), other));
        Assert.Equal(EdgeErrorCode.OtherDeviceKey, error.Code);
    }

    [Fact]
    public void Peer_that_sends_without_end_and_never_a_seal_is_refused()
    {
        var room = new WaitingRoom();
        var target = Changes.NewReplica(2);
        ReplicaId author = new(3, 3);
        ApplyOutcome? outcome = null;
        for (var i = 1UL; i < 100 && outcome?.Refused is null; i++)
            outcome = Receive(target, room, [new(Changes.Craft(author, i, 1, null, 1, new byte[1 << 20]).Bytes, default)]);
        Assert.Equal(EdgeErrorCode.LimitExceeded, outcome!.Refused?.Code);
        Assert.Equal(0, room.Count);
        Assert.Empty(Changes.All(target));
    }

    private static FeedEnd End(ulong counter) => new(new(new(1, 1), counter), default);

    private static Replica Written(int count)
    {
        var replica = Changes.NewReplica(1);
        Write(replica, count);
        return replica;
    }

    private static void Write(Replica replica, int count)
    {
        for (var i = 0; i < count; i++)
            Changes.Edit(replica, s_pump, static job => job.Minutes.Add(30));
    }

    private static ApplyOutcome Receive(Replica replica, WaitingRoom room, IReadOnlyList<ReceivedChange> changes)
    {
        replica.Begin();
        var outcome = replica.Receive(room, [.. changes]);
        replica.Commit();
        return outcome;
    }
}
