using System.Globalization;
using Edge.Sync.Crdts;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Tests.Crdts.Undo;

/// <summary>What taking back promises, for every type, each on many seeded histories. A failure names the seed.</summary>
public sealed class UndoLawTests
{
    private static readonly int s_seedCount = int.TryParse(Environment.GetEnvironmentVariable("EDGE_SYNC_LAW_SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : 150;

    private static readonly CrdtSubject[] s_all = [.. AllSubjects.All.Where(s => s.Kind != CrdtKind.Existence)];

    public static TheoryData<string> All => [.. s_all.Select(s => s.Name)];

    public static TheoryData<string> Revocable => [.. s_all.Where(s => s.RevocableIntents.Any()).Select(s => s.Name)];

    public static TheoryData<string> Irrevocable => [.. s_all.Where(s => !s.RevocableIntents.Any()).Select(s => s.Name)];

    public static TheoryData<string> Maps => [.. s_all.Where(s => s.Kind == CrdtKind.Map).Select(s => s.Name)];

    [Theory, MemberData(nameof(Revocable))]
    public void Undoing_all_reads_as_before_and_redoing_all_as_after(string name) => Check(name, static (subject, seed) =>
    {
        var random = new Random(seed);
        var intents = subject.RevocableIntents.ToArray();
        var replica = new UndoingReplica(subject, History.IdOf(1));
        var before = subject.ReadValues(replica.State);
        for (var i = random.Next(1, 25); i > 0; i--) Act(replica, intents, random, undoShare: 0.4);
        while (replica.RedoCount > 0) replica.Redo(Stamp(random));
        for (var turns = 0; turns < 3; turns++)
        {
            var after = subject.ReadValues(replica.State);
            while (replica.UndoCount > 0) replica.Undo(Stamp(random));
            Assert.Equal(before, subject.ReadValues(replica.State));
            while (replica.RedoCount > 0) replica.Redo(Stamp(random));
            Assert.Equal(after, subject.ReadValues(replica.State));
        }
        Assert.Empty(replica.Obstacles);
        replica.State.Check();
    });

    [Theory, MemberData(nameof(Revocable))]
    public void Each_undo_reads_as_before_its_edit(string name) => Check(name, static (subject, seed) =>
    {
        var random = new Random(seed);
        var intents = subject.RevocableIntents.ToArray();
        var replica = new UndoingReplica(subject, History.IdOf(1));
        var read = new List<string> { subject.ReadValues(replica.State) };
        for (var i = 0; i < 20; i++)
            if (replica.Edit(intents[random.Next(intents.Length)], Stamp(random))) read.Add(subject.ReadValues(replica.State));
        for (var at = read.Count - 1; at > 0; at--)
        {
            var redoCount = replica.RedoCount;
            replica.Undo(Stamp(random));
            // There and back on the way, unless the edit had only renewed what was there.
            if (at % 4 == 0 && replica.RedoCount > redoCount)
            {
                replica.Redo(Stamp(random));
                Assert.Equal(read[at], subject.ReadValues(replica.State));
                replica.Undo(Stamp(random));
            }
            if (read[at - 1] != subject.ReadValues(replica.State)) Assert.Fail($"Step {at} of {string.Join(" | ", read)} left {subject.ReadValues(replica.State)}");
        }
    });

    [Theory, MemberData(nameof(Maps))]
    public void Key_that_was_removed_comes_back_with_all_that_lay_under_it(string name) => Check(name, static (subject, seed) =>
    {
        var random = new Random(seed);
        var replica = new UndoingReplica(subject, History.IdOf(1));
        for (var i = 0; i < 12; i++) replica.Edit(random.Next(2, subject.IntentCount), Stamp(random));
        if (!replica.Edit(seed % 2, Stamp(random))) return;
        var without = subject.ReadValues(replica.State);
        replica.Undo(Stamp(random));
        var with = subject.ReadValues(replica.State);
        Assert.NotEqual(without, with);
        replica.Redo(Stamp(random));
        Assert.Equal(without, subject.ReadValues(replica.State));
        replica.Undo(Stamp(random));
        Assert.Equal(with, subject.ReadValues(replica.State));
    });

    [Theory, MemberData(nameof(All))]
    public void Replicas_that_undo_and_redo_converge(string name) => Check(name, static (subject, seed) =>
    {
        var random = new Random(seed);
        var replicas = Enumerable.Range(0, 3).Select(i => new UndoingReplica(subject, History.IdOf(i))).ToArray();
        var intents = Enumerable.Range(0, subject.IntentCount).ToArray();
        for (var i = 0; i < 60; i++)
        {
            var replica = replicas[random.Next(3)];
            if (random.Next(2) == 0) Act(replica, intents, random, undoShare: 0.5);
            else DeliverOne(replica, replicas, random);
        }
        foreach (var replica in replicas)
            while (DeliverOne(replica, replicas, random)) { }
        foreach (var replica in replicas)
        {
            replica.State.Check();
            Assert.Equal(Bytes.Canonical(replicas[0].State), Bytes.Canonical(replica.State));
        }
    });

    [Theory, MemberData(nameof(Irrevocable))]
    public void What_only_grows_says_that_it_cannot_be_taken_back(string name) => Check(name, static (subject, seed) =>
    {
        var random = new Random(seed);
        var replica = new UndoingReplica(subject, History.IdOf(1));
        for (var i = 0; i < 8; i++) replica.Edit(random.Next(subject.IntentCount), Stamp(random));
        var after = subject.Read(replica.State);
        var count = replica.UndoCount;
        while (replica.UndoCount > 0) replica.Undo(Stamp(random));
        Assert.Equal(after, subject.Read(replica.State));
        Assert.Equal(0, replica.RedoCount);
        Assert.All(replica.Obstacles, static reason => Assert.Equal(UndoObstacleReason.ByDefinition, reason));
        Assert.InRange(replica.Obstacles.Count, Math.Min(1, count), count);
    });

    /// <summary>One who takes back all that they did, while another goes on: what the other did is there, and nothing else.</summary>
    [Fact]
    public void Undoing_all_leaves_what_others_did_to_a_counter() => Check(new CounterSubject(CrdtKind.Counter), static (subject, seed) =>
    {
        var (alice, bob, _) = UndoAmongOthers(subject, seed, [0, 1]);
        Assert.Equal(subject.ReadValues(bob.State), subject.ReadValues(alice.State));
    });

    [Fact]
    public void Undoing_all_leaves_what_others_typed() => Check(new TextSubject(), static (subject, seed) =>
    {
        var (alice, bob, others) = UndoAmongOthers(subject, seed, [0, 1, 2, 3]);
        Assert.Equal(bob.State.ToString(), alice.State.ToString());
        // All that Bob typed, less what he deleted himself, whoever has inserted it again.
        Assert.Equal(Sorted(others), Sorted(alice.State.ToString()!));
    });

    private static string Sorted(string? text) => string.Concat((text ?? "").Order());

    /// <summary>Alice edits and takes everything back while Bob edits, each hearing of the other. Gives what Bob's letters alone amount to.</summary>
    private static (UndoingReplica Alice, UndoingReplica Bob, string BobsLetters) UndoAmongOthers(CrdtSubject subject, int seed, int[] intents)
    {
        var random = new Random(seed);
        UndoingReplica[] both = [new(subject, History.IdOf(0)), new(subject, History.IdOf(1))];
        for (var i = 0; i < 40; i++)
        {
            var replica = both[random.Next(2)];
            // Bob deletes only what is his own: a letter that both deleted may come back when Alice takes hers back.
            if (random.Next(2) == 0) DeliverOne(replica, both, random);
            else if (replica == both[0]) Act(replica, intents, random, undoShare: 0.3);
            else replica.Edit(intents[random.Next(Math.Min(2, intents.Length))], Stamp(random));
        }
        while (both[0].UndoCount > 0)
        {
            both[0].Undo(Stamp(random));
            if (random.Next(3) == 0) DeliverOne(both[random.Next(2)], both, random);
        }
        foreach (var replica in both)
            while (DeliverOne(replica, both, random)) { }
        var alone = new CrdtReplica(subject, History.IdOf(5));
        if (subject.Kind == CrdtKind.Text) return (both[0], both[1], string.Concat(both[1].Written.Select(o => ((TextDelta)o.Delta).Text)));
        foreach (var operation in both[1].Written) alone.State.Join(operation.Delta, operation.Stamp);
        Assert.Equal(subject.ReadValues(alone.State), subject.ReadValues(both[0].State));
        return (both[0], both[1], "");
    }

    private static void Act(UndoingReplica replica, int[] intents, Random random, double undoShare)
    {
        if (random.NextDouble() >= undoShare) replica.Edit(intents[random.Next(intents.Length)], Stamp(random));
        else if (random.Next(5) < 3) replica.Undo(Stamp(random));
        else replica.Redo(Stamp(random));
    }

    private static bool DeliverOne(UndoingReplica replica, UndoingReplica[] replicas, Random random)
    {
        var deliverable = replicas.SelectMany(r => r.Written).Where(replica.Replica.CanReceive).ToList();
        if (deliverable.Count == 0) return false;
        replica.Replica.Receive(deliverable[random.Next(deliverable.Count)]);
        return true;
    }

    // Clocks that go back and tie must make no difference.
    private static HybridTimestamp Stamp(Random random) => new((ulong)random.Next(4));

    private static void Check(string name, Action<CrdtSubject, int> law) => Check(s_all.Single(s => s.Name == name), law);

    private static void Check(CrdtSubject subject, Action<CrdtSubject, int> law)
    {
        for (var seed = 0; seed < s_seedCount; seed++)
        {
            try { law(subject, seed); }
            catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested) { throw new InvalidOperationException($"{subject.Name} breaks with seed {seed}: {e.Message}", e); }
        }
    }
}
