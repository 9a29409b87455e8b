using static Edge.Sync.LogModel.Findings.Finding;

namespace Edge.Sync.LogModel.Findings;

/// <summary>The reduction that leaves out when messages arrive leaves out nothing else: on worlds that both can visit whole, it and the explorer of every sending see the same.</summary>
public class LazyDeliveryTests
{
    private static readonly (int, int)[] s_all = Links("AB AC AD BC BD CD");

    /// <summary>Three members and a copy, or a newcomer; linked all, and so named that the symmetry of the full explorer, which looks at receipts, is off.</summary>
    private static Scenario Of(string kind, IReadOnlyDictionary<Act, byte[]> budgets) => OpenWorld.Of(kind, 1) with { Budgets = new(budgets), Links = s_all };

    public static TheoryData<string> Worlds => [.. s_worlds.Keys];

    private static readonly Dictionary<string, Scenario> s_worlds = new()
    {
        ["edits and acceptances"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 1, 1], [Act.Acknowledge] = [1] }),
        ["folds"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a copy"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 0, 1], [Act.Acknowledge] = [1, 0, 0, 1], [Act.Copy] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a copy and folds"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 0, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1], [Act.Copy] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["power cuts"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [2, 1], [Act.Acknowledge] = [0, 1], [Act.Crash] = [1, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a power cut of a copy"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 2, 0, 1], [Act.Copy] = [0, 1], [Act.Crash] = [0, 0, 0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a restored backup"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 2, 1], [Act.Backup] = [0, 1], [Act.Restore] = [0, 1] }) with { Members = [0, 1] },
        ["an acceptance and a restored backup"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1, 1], [Act.Backup] = [0, 1], [Act.Restore] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a member put out"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 1], [Act.Acknowledge] = [0, 1], [Act.Expel] = [1] }),
        ["a rejection and its taking back"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 2], [Act.Acknowledge] = [1, 1], [Act.Reject] = [1], [Act.TakeBack] = [1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a purge"] = Of("purged", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 1], [Act.Purge] = [0, 1], [Act.Reject] = [1], [Act.Crash] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a copy and a member put out"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 0, 1], [Act.Acknowledge] = [1], [Act.Copy] = [0, 1], [Act.Expel] = [1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a copy and a power cut"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 0, 1], [Act.Acknowledge] = [1], [Act.Copy] = [0, 1], [Act.Crash] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a copy and a rejection"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [0, 1, 0, 1], [Act.Copy] = [0, 1], [Act.Reject] = [1], [Act.TakeBack] = [1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a restored backup and a power cut"] = Of("counter", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 2], [Act.Acknowledge] = [0, 1], [Act.Backup] = [0, 1], [Act.Restore] = [0, 1], [Act.Crash] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["capped clocks"] = Of("register", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [0, 1], [Act.CapClock] = [0, 1] }) with { Members = [0, 1], NeverReturning = [2], Links = Links("AB AD BD") },
        ["a newcomer"] = Of("text", new Dictionary<Act, byte[]> { [Act.Commit] = [1, 0, 0, 1], [Act.Acknowledge] = [1, 1], [Act.Fold] = [1] }) with { Members = [0, 1], NeverReturning = [2], HasNewcomer = true, Links = Links("AB AD BD") },
    };

    /// <summary>The same changes (so the same acts after the same receipts: ids commit to pasts), folds and backups, and the same ends once all have talked.</summary>
    [Theory]
    [MemberData(nameof(Worlds))]
    public void Lazy_delivery_sees_what_every_sending_sees(string name)
    {
        var world = new FleetWorld(s_worlds[name]);
        var full = new Seen(world, s_worlds[name].NeverReturning);
        var every = Explorer.Explorer.Explore(full, Bounds.StatesMax);
        Print($"every sending: {every}, {full}");
        Assert.True(every.IsComplete, "The full exploration did not finish.");

        var reduced = new Seen(world, s_worlds[name].NeverReturning);
        var lazy = Explore(world, reduced);
        Print($"lazy: {lazy}, {reduced}");
        Assert.True(lazy.IsComplete, lazy.Counterexample?.ToString() ?? "The lazy exploration did not finish.");
        var (lost, more) = full.Difference(reduced);
        Assert.Equal(0, lost);
        // Here a message may still arrive after its sender was rolled back; when every sending is explored, none is on its way for so long.
        if (!s_worlds[name].Budgets.ContainsKey(Act.Restore)) Assert.Equal(0, more);
        Assert.True(lazy.States < every.States);
    }

    private static Exploration Explore(FleetWorld world, Seen seen) =>
        ExploreLazily(world, Bounds.StatesMax, s =>
        {
            foreach (var stop in world.Stops(s)) seen.Add(stop);
            return world.FindViolation(s);
        });

    /// <summary>What an exploration comes across, whenever messages arrive.</summary>
    private sealed class Seen(FleetWorld world, int[] never) : IWorld<Fleet>
    {
        private readonly HashSet<int> _changes = [];
        private readonly HashSet<UInt128> _files = [];
        private readonly HashSet<UInt128> _ends = [];

        public Fleet Initial => world.Initial;

        public void Add(Fleet fleet)
        {
            foreach (var file in fleet.Files)
            {
                if (file is null) continue;
                _changes.UnionWith(file.Held.Items.ToArray());
                if (!file.Fold.Changes.IsEmpty) AddFile(file);
            }
            foreach (var backup in fleet.Backups)
                if (backup is not null) AddFile(backup);
            var end = new StateHash();
            var settled = world.Settle(fleet)!;
            for (var slot = 0; slot < Fleet.SlotCount; slot++)
            {
                if (settled.Files[slot] is not { } file || never.Contains(slot)) continue;
                end.Add(file.Held.Hash);
                end.Add(file.Aside.Hash);
                end.Add(world.DocumentOf(file, slot).Visible);
            }
            foreach (var count in fleet.EditCounts) end.Add(count);
            _ends.Add(end.Value);
        }

        /// <summary>How many changes, folds, backups and ends only this one has, and only the other.</summary>
        public (int Only, int OtherOnly) Difference(Seen other) =>
            (_changes.Except(other._changes).Count() + _files.Except(other._files).Count() + _ends.Except(other._ends).Count(),
            other._changes.Except(_changes).Count() + other._files.Except(_files).Count() + other._ends.Except(_ends).Count());

        public override string ToString() => $"{_changes.Count:N0} changes, {_files.Count:N0} folds and backups, {_ends.Count:N0} ends";

        void IWorld<Fleet>.AddActions(Fleet state, List<Step> actions) => world.AddActions(state, actions);

        Fleet IWorld<Fleet>.Apply(Fleet state, Step action) => world.Apply(state, action);

        UInt128 IWorld<Fleet>.Hash(Fleet state) => world.Hash(state);

        string? IWorld<Fleet>.FindViolation(Fleet state)
        {
            Add(state);
            return world.FindViolation(state);
        }

        bool IWorld<Fleet>.AreIndependent(Fleet state, Step a, Step b) => world.AreIndependent(state, a, b);

        string IWorld<Fleet>.Describe(Step action) => world.Describe(action);

        private void AddFile(ReplicaFile file)
        {
            var hash = new StateHash();
            hash.Add(file.Fold.Changes.Hash);
            hash.Add(file.Fold.Document.Visible);
            hash.Add(file.Fold.Voids.Hash);
            _files.Add(hash.Value);
        }
    }
}
