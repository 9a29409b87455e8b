using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Tests.Documents.Types;
using Edge.Sync.Tests.Log;
using static Edge.Sync.Tests.Rejecting.Judging;

namespace Edge.Sync.Tests.Pasts;

/// <summary>Authors who name operations that they say they had not seen, of every type, in any order of arrival: replicas stay equal, and what is void is what a search through all headers says.</summary>
public class HostileAuthorTests
{
    private static readonly DocumentId s_id = DocumentId.Named("plant");

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Replicas_that_hear_of_forged_changes_in_any_order_stay_equal(int seed)
    {
        var world = new World(seed);
        world.Run();
        TestContext.Current.TestOutputHelper?.WriteLine($"{world.Forged.Count} forged changes, {world.VoidCount} sections void; unjudged folds {(world.WouldPart ? "part" : "are equal")}");
        Assert.True(world.Forged.Count > 2);
    }

    /// <summary>The same histories, folded in the same orders without the rule.</summary>
    [Fact]
    public void Without_the_rule_most_of_these_histories_part_replicas()
    {
        var (parted, voided, stood) = (0, 0, 0);
        foreach (var seed in Seeds())
        {
            var world = new World(seed);
            world.Run();
            if (world.WouldPart) parted++;
            voided += world.VoidCount;
            stood += world.Forged.Count - world.VoidCount;
        }
        Assert.True(parted > 10 && voided > 50 && stood > 20, $"{parted} parted, {voided} void, {stood} not");
    }

    private sealed class World(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Replica[] _replicas = [.. Enumerable.Range(0, 3).Select(number => Changes.NewReplica(seed * 1000 + number))];

        public List<Change> Forged { get; } = [];

        public int VoidCount { get; private set; }

        public bool WouldPart { get; private set; }

        public void Run()
        {
            for (var step = 0; step < 60; step++)
            {
                var replica = _replicas[_random.Next(_replicas.Length)];
                switch (_random.Next(6))
                {
                    case 0 or 1: Changes.Push(_replicas[_random.Next(_replicas.Length)], replica); break;
                    case 2 or 3: Forge(replica, step); break;
                    default: EditAny(replica); break;
                }
            }
            for (var round = 0; round < 2; round++)
                foreach (var source in _replicas)
                    foreach (var target in _replicas) Changes.Push(source, target);
            Check();
        }

        private void EditAny(Replica replica)
        {
            replica.Begin();
            replica.Edit(draft =>
            {
                for (var edits = _random.Next(1, 6); edits > 0; edits--) EveryTypeTests.EditAny(Changes.Attach<Plant>(draft, s_id), _random, _replicas[0].Log.Self);
                if (_random.Next(10) == 0) draft.Delete(Changes.SchemaOf<Plant>(), s_id);
            });
            replica.Commit();
        }

        // By somebody who knows what one replica holds, and given to another, which may not hold it.
        private void Forge(Replica target, int step)
        {
            var informed = _replicas[_random.Next(_replicas.Length)];
            var held = Changes.All(target);
            var heads = held.Count == 0 || _random.Next(4) == 0 ? [] : new[] { held[_random.Next(held.Count)].Header.Last };
            var change = ForgedHeads.Edit<Plant>(informed, (seed * 1000) + 100 + step, s_id, plant =>
            {
                for (var edits = _random.Next(2, 8); edits > 0; edits--) EveryTypeTests.EditAny(plant, _random, _replicas[0].Log.Self);
            }, heads);
            if (change is null) return;
            target.Begin();
            Assert.Equal(AdmissionVerdict.Accepted, target.Apply(change.Bytes));
            target.Commit();
            Forged.Add(change);
        }

        private void Check()
        {
            var pasts = FindPasts(Changes.All(_replicas[0]));
            var first = Describe(_replicas[0]);
            foreach (var replica in _replicas)
            {
                AssertSame(_replicas[0], replica);
                Assert.Equal(first, Describe(replica));
                foreach (var change in Changes.All(replica))
                    Assert.Equal(change.Body.IsEmpty || NamesOnlyPast(change, pasts[change.Header.Last]) ? null : [0], change.Ruling?.VoidSections);
                Assert.Equal(first.Values.Sum(), replica.VoidCount);
            }
            VoidCount = first.Values.Sum();
            WouldPart = _replicas.Select(static replica => Hash(ForgedHeads.FoldUnjudged(Changes.All(replica)))).Distinct().Count() > 1;
            // Judged anew in one go, own changes among them.
            var hash = _replicas[0].ComputeStateHash();
            _replicas[0].RebuildAll();
            Assert.Equal(hash, _replicas[0].ComputeStateHash());
            Assert.Equal(first, Describe(_replicas[0]));
        }

        private static SortedDictionary<ChangeId, int> Describe(Replica replica) => new(
            replica.Store.ReadChanges(0, int.MaxValue).ToDictionary(static stored => stored.Id, static stored => Change.ParseStored(stored.Bytes).Ruling?.VoidSections?.Length ?? 0), Comparer<ChangeId>.Create(static (a, b) => a.Hash.CompareTo(b.Hash)));

        private static string Hash(Dictionary<DocumentKey, DocumentState> documents) =>
            string.Concat(documents.OrderBy(static document => document.Key.ToString(), StringComparer.Ordinal).Select(static document => Convert.ToHexString(DocumentCodec.Write(document.Value))));

        private static Dictionary<Dot, VersionVector> FindPasts(List<Change> changes)
        {
            var after = new Dictionary<Dot, VersionVector>();
            var pasts = new Dictionary<Dot, VersionVector>();
            foreach (var change in changes)
            {
                var past = new VersionVector();
                if (change.Before.Counter > 0) past.Join(after[change.Before]);
                foreach (var dependency in change.Header.Dependencies) past.Join(after[dependency]);
                pasts[change.Header.Last] = past;
                after[change.Header.Last] = new(past);
                after[change.Header.Last].Include(change.Header.Last);
            }
            return pasts;
        }

        private static bool NamesOnlyPast(Change change, VersionVector past)
        {
            var named = new Named();
            foreach (var section in ChangeCodec.ReadSections(change.Body))
                foreach (var (_, delta) in DocumentSection.Read(section, change.Header.Last with { Counter = change.Header.First }, change.Header.Count, Edge.Sync.Trust.Content.NoKeys.Instance)!.Operations)
                    delta.VisitNamed(named);
            return named.Dots.TrueForAll(dot => past.Contains(dot) || (dot.Replica == change.Header.Replica && dot.Counter <= change.Header.Last.Counter));
        }
    }

    private sealed class Named : IDotVisitor
    {
        public List<Dot> Dots { get; } = [];

        public void Visit(Dot dot) => Dots.Add(dot);
    }
}
