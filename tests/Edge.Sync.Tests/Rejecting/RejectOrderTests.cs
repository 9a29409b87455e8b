using Edge.Sync.Documents.History;
using Edge.Sync.Log;
using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Log;
using static Edge.Sync.Tests.Rejecting.Judging;

namespace Edge.Sync.Tests.Rejecting;

/// <summary>What is void follows from the log alone: whoever holds the same changes has the same documents, whatever came first.</summary>
public class RejectOrderTests
{
    private const int DocumentCount = 3;

    [Theory]
    [InlineData(0, 60)]
    [InlineData(60, 120)]
    public void Replicas_that_hold_the_same_log_have_the_same_documents_whatever_order_rejections_came_in(int from, int to)
    {
        int rejected = 0, built = 0, takenBack = 0;
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            Replica[] replicas = [.. Enumerable.Range(0, 4).Select(i => Changes.NewReplica((seed * 10) + i))];
            for (var step = 0; step < 60; step++)
            {
                var replica = replicas[random.Next(replicas.Length)];
                switch (random.Next(16))
                {
                    case 0 or 1:
                        var held = replica.Store.ReadChanges(0, int.MaxValue);
                        if (held.Count > 0 && Reject(replica, held[random.Next(held.Count)].Id) is not null) rejected++;
                        takenBack += replica.Ruled.Count(static ruled => !ruled.IsVoid);
                        break;
                    case < 9:
                        Edit(replica, random, replicas[0].Log.Self);
                        break;
                    default:
                        PushSome(replicas[random.Next(replicas.Length)], replica, random);
                        break;
                }
            }
            foreach (var source in replicas)
                foreach (var target in replicas)
                    if (source != target) Changes.Push(source, target);
            try
            {
                var late = Changes.NewReplica((seed * 10) + 8);
                Changes.Push(replicas[0], late);
                var shuffled = Changes.NewReplica((seed * 10) + 9);
                ApplyShuffled(shuffled, Changes.All(replicas[1]), random);
                var reopened = new Replica(replicas[2].Store, TimeProvider.System, new SeededRandom(seed), TimeSpan.FromMinutes(5), TestKeys.Public);
                var expected = VoidOf(replicas[0]);
                foreach (var replica in (Replica[])[.. replicas, late, shuffled, reopened])
                {
                    AssertSame(replicas[0], replica);
                    Assert.Equal(0, replica.VoidCount);
                    foreach (var stored in replica.Store.ReadChanges(0, int.MaxValue))
                        Assert.Equal(expected.Contains(stored.Id), Change.ParseStored(stored.Bytes).IsVoid);
                    replica.RebuildAll();
                    AssertSame(replicas[0], replica);
                }
                built += replicas[0].ReadDocuments().Count(static document => Edge.Sync.Documents.DocumentCodec.Read(document.Key, document.State).Ghosts is not null);
            }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
        Assert.True(rejected > 200 && built > 12 && takenBack > 10, $"{rejected} rejections, {takenBack} changes that counted again, {built} documents in which something had replaced something");
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 200)]
    public void Rejected_change_that_nobody_built_on_leaves_every_type_as_if_it_had_never_been(int from, int to)
    {
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            Replica[] replicas = [.. Enumerable.Range(0, 3).Select(i => Changes.NewReplica((seed * 10) + i))];
            for (var step = 0; step < 30; step++)
            {
                var replica = replicas[random.Next(replicas.Length)];
                if (random.Next(3) == 0) PushSome(replicas[random.Next(replicas.Length)], replica, random);
                else Edit(replica, random, replicas[1].Log.Self);
            }
            foreach (var target in replicas[1..]) Changes.Push(target, replicas[0]);
            var without = Changes.NewReplica((seed * 10) + 7);
            Changes.Push(replicas[0], without);
            var id = Edit(replicas[0], random, replicas[1].Log.Self, edits: 5);
            Reject(replicas[0], id);
            try
            {
                AssertRebuilt(replicas[0]);
                foreach (var (key, state) in replicas[0].ReadDocuments())
                {
                    var actual = Edge.Sync.Documents.DocumentCodec.Read(key, state);
                    var was = without.ReadDocuments().Where(document => document.Key == key).Select(static document => document.State).SingleOrDefault();
                    var expected = was is null ? new(key.Id, key.Collection) : Edge.Sync.Documents.DocumentCodec.Read(key, was);
                    Assert.Equal(expected.Existence.Exists, actual.Existence.Exists);
                    Assert.Empty(DocumentComparison.Compare(Changes.SchemaOf<Plant>(), expected, actual).Fields);
                }
            }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
    }

    private static ChangeId Edit(Replica replica, Random random, ReplicaId other, int edits = 3)
    {
        replica.Begin();
        var id = replica.Edit(draft =>
        {
            var plant = DocumentId.Named($"{random.Next(DocumentCount)}");
            if (random.Next(12) == 0) draft.Delete(Changes.SchemaOf<Plant>(), plant);
            else
                for (var i = random.Next(edits); i >= 0; i--) EveryTypeTests.EditAny(Changes.Attach<Plant>(draft, plant), random, other);
        });
        replica.Commit();
        return id ?? Edit(replica, random, other, edits);
    }

    private static void PushSome(Replica source, Replica target, Random random)
    {
        if (source == target) return;
        target.Begin();
        foreach (var change in Changes.All(source))
        {
            if (random.Next(30) == 0) break;
            target.Apply(change.Bytes);
        }
        target.Commit();
    }

    private static void ApplyShuffled(Replica target, List<Change> changes, Random random)
    {
        var left = changes.ToList();
        while (left.Count > 0)
        {
            target.Begin();
            foreach (var change in left.OrderBy(_ => random.Next()).Take(1 + random.Next(left.Count)).ToList())
                if (target.Apply(change.Bytes) == AdmissionVerdict.Accepted) left.Remove(change);
            target.Commit();
        }
    }
}
