using System.Text;
using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Log;

namespace Edge.Sync.Tests.Purging;

/// <summary>What a purge does follows from the log alone: whoever holds the same changes has the same documents and the same bytes, whatever came first.</summary>
public class PurgeOrderTests
{
    private const int DocumentCount = 5;

    [Theory]
    [InlineData(0, 150)]
    [InlineData(150, 300)]
    public void Replicas_that_hold_the_same_log_have_the_same_documents_and_nothing_of_purged_ones(int from, int to)
    {
        int purges = 0, refused = 0, holes = 0;
        for (var seed = from; seed < to; seed++)
        {
            var random = new Random(seed);
            Replica[] replicas = [.. Enumerable.Range(0, 4).Select(i => Changes.NewReplica((seed * 10) + i))];
            var purged = new HashSet<DocumentId>();
            for (var step = 0; step < 60; step++)
            {
                var replica = replicas[random.Next(replicas.Length)];
                var id = DocumentId.Named($"{random.Next(DocumentCount)}");
                switch (random.Next(20))
                {
                    case 0 when purged.Count < DocumentCount - 1:
                        replica.Begin();
                        if (replica.Purge(new("job", id)) is not null) purges++;
                        replica.Commit();
                        purged.Add(id);
                        break;
                    case < 9:
                        if (!TryEdit(replica, id, random)) refused++;
                        break;
                    default:
                        PushSome(replicas[random.Next(replicas.Length)], replica, random);
                        holes += Enumerable.Range(0, DocumentCount).Count(i => replica.Store.ReadHoles(new("job", DocumentId.Named($"{i}"))).Count > 0);
                        break;
                }
            }
            foreach (var source in replicas)
                foreach (var target in replicas)
                    if (source != target) Changes.Push(source, target);
            // One who was never there gets what is left.
            var late = Changes.NewReplica((seed * 10) + 9);
            Changes.Push(replicas[0], late);
            try { AssertEqual([.. replicas, late], purged); }
            catch (Exception e) { throw new InvalidOperationException($"Seed {seed} failed.", e); }
        }
        Assert.True(purges > 100 && refused > 100 && holes > 20, $"{purges} purges, {refused} edits refused, {holes} holes met");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_order_that_keeps_causality_gives_the_same(int seed)
    {
        var random = new Random(seed);
        Replica[] replicas = [Changes.NewReplica((seed * 10) + 1), Changes.NewReplica((seed * 10) + 2), Changes.NewReplica((seed * 10) + 3)];
        for (var i = 0; i < 25; i++)
        {
            TryEdit(replicas[i % 3], DocumentId.Named($"{random.Next(3)}"), random);
            if (random.Next(6) == 0) Changes.Push(replicas[(i + 1) % 3], replicas[i % 3]);
        }
        // The bytes as they were before anybody knew of the purge, in every order.
        var changes = replicas.SelectMany(Changes.All).DistinctBy(static change => change.Header.Last).ToList();
        var purger = Changes.NewReplica((seed * 10) + 4);
        purger.Begin();
        purger.Purge(new("job", DocumentId.Named("1")), new("asked for", null, default));
        purger.Commit();
        changes.AddRange(Changes.All(purger));
        byte[]? hash = null;
        for (var order = 0; order < 60; order++)
        {
            var target = Changes.NewReplica(1000 + order);
            var waiting = changes.OrderBy(_ => random.Next()).ToList();
            while (waiting.Count > 0)
            {
                target.Begin();
                // Some transactions hold one change, some many: a purge may meet what is not written yet.
                for (var n = random.Next(1, 12); n > 0 && waiting.Count > 0; n--)
                    waiting.RemoveAll(change => target.Apply(change.Bytes) != AdmissionVerdict.Early && random.Next(3) > 0);
                target.Commit();
            }
            AssertEqual([target], [DocumentId.Named("1")]);
            Assert.Equal(hash ??= target.ComputeStateHash(), target.ComputeStateHash());
        }
    }

    private static bool TryEdit(Replica replica, DocumentId id, Random random)
    {
        replica.Begin();
        try
        {
            replica.Edit(draft =>
            {
                var job = Changes.Attach<Job>(draft, id);
                job.Title = $"secret of {id} {random.Next()}";
                job.Notes.Insert(random.Next(job.Notes.Length + 1), $"secret of {id}");
                if (random.Next(3) == 0) Changes.Attach<Job>(draft, DocumentId.Named("other")).Minutes.Add(1);
                if (random.Next(6) == 0) draft.Delete(Changes.SchemaOf<Job>(), id);
            });
            return true;
        }
        catch (EdgeDocumentException e)
        {
            Assert.Contains(e.Code, new[] { EdgeErrorCode.DocumentPurged, EdgeErrorCode.DocumentIncomplete });
            return false;
        }
        finally { replica.Commit(); }
    }

    private static void PushSome(Replica source, Replica target, Random random)
    {
        if (source == target) return;
        var changes = Changes.All(source).Where(change => !target.Log.Held.Contains(change.Header.Last)).ToList();
        target.Begin();
        Changes.ApplyAll(target, changes.Take(random.Next(changes.Count + 1)));
        target.Commit();
    }

    private static void AssertEqual(Replica[] replicas, HashSet<DocumentId> purged)
    {
        foreach (var replica in replicas)
        {
            Assert.Equal(replicas[0].Log.ToVersion(0).Fingerprint, replica.Log.ToVersion(0).Fingerprint);
            Assert.Equal(replicas[0].ComputeStateHash(), replica.ComputeStateHash());
            var rebuilt = replica.Rebuild();
            Assert.Equal(rebuilt.Count, replica.ReadDocuments().Count());
            foreach (var (key, state) in replica.ReadDocuments())
            {
                Assert.DoesNotContain(key.Id, purged);
                Assert.Empty(replica.Store.ReadHoles(key));
                Assert.Equal(DocumentCodec.Write(rebuilt[key]), state);
            }
            foreach (var change in Changes.All(replica))
                foreach (var id in purged)
                    Assert.True(change.Bytes.Span.IndexOf(Encoding.UTF8.GetBytes($"secret of {id}")) < 0, $"Change {change.Header.Last} has content of {id}.");
            var before = replica.ComputeStateHash();
            replica.RebuildAll();
            Assert.Equal(before, replica.ComputeStateHash());
        }
    }
}
