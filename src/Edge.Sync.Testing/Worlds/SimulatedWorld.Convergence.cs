using Edge.Sync.Documents;

namespace Edge.Sync.Testing;

public sealed partial class SimulatedWorld
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100), s_within = TimeSpan.FromMinutes(5);

    /// <summary>Waits until all replicas hold the same changes and show the same documents. Meanwhile no frame is lost or doubled: what is promised, is promised for a network that comes to rest. Partitions stay.</summary>
    /// <param name="within">How long it may take, in virtual time; null for 5 minutes.</param>
    /// <exception cref="SimulationException">They do not: who lacks what, or which documents differ although the changes are the same.</exception>
    public async Task AssertConvergedAsync(TimeSpan? within = null)
    {
        Touch(within ?? s_within);
        var deadline = _pump.Now + (within ?? s_within);
        foreach (var link in _links)
            link.IsQuiet = true;
        try
        {
            while (!IsAtRest())
            {
                if (_pump.Now >= deadline) throw new SimulationException(WhoLacks(within ?? s_within));
                await _pump.AdvanceAsync(s_look).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var link in _links)
                link.IsQuiet = false;
        }
        AssertSameDocuments();
        _trace.Write($"converged");
    }

    /// <summary>Asserts that every change that was ever written is still held by somebody, except those that a power cut took before they were durable.</summary>
    /// <exception cref="SimulationException">Changes are gone.</exception>
    public void AssertNothingLost()
    {
        Touch();
        var held = new HashSet<ChangeId>();
        foreach (var replica in _replicas.Where(static replica => replica.IsOn))
            held.UnionWith(replica.Ids());
        _seen.UnionWith(held);
        var gone = _seen.Where(id => !held.Contains(id) && !_lost.Contains(id)).ToList();
        if (gone.Count > 0) throw new SimulationException($"{gone.Count} changes are held by nobody any more, and no power cut took them: {string.Join(", ", gone.Take(5))}.");
    }

    private bool IsAtRest()
    {
        Log.Hash256? fingerprint = null;
        foreach (var replica in _replicas)
        {
            var inner = replica.Inner;
            var its = inner.Log.ToVersion(0).Fingerprint;
            if (its != (fingerprint ??= its) || inner.ReadMissingKeys(default, 1).Count > 0 || inner.ReadWanted(default, 1).Sections.Count > 0) return false;
        }
        return true;
    }

    private string WhoLacks(TimeSpan within)
    {
        var ids = new List<(SimulatedReplica Replica, HashSet<ChangeId> Ids)>();
        foreach (var replica in _replicas)
            ids.Add((replica, replica.Ids()));
        var all = ids.SelectMany(static one => one.Ids).ToHashSet();
        var lacking = ids.Where(one => one.Ids.Count < all.Count).Select(one => $"'{one.Replica.Name}' lacks {all.Count - one.Ids.Count} of {all.Count} changes");
        var cut = _links.Where(static link => link.IsCut).Select(static link => $"{link.NameOf(0)} and {link.NameOf(1)}").ToList();
        return $"The replicas have not converged within {within} of virtual time: {string.Join(", ", lacking.DefaultIfEmpty("keys or sections are missing"))}.{(cut.Count > 0 ? $" Still cut: {string.Join("; ", cut)}; call Heal first." : "")}";
    }

    private void AssertSameDocuments()
    {
        var first = _replicas[0];
        var expected = Read(first);
        var log = first.Inner.Rebuild();
        Compare($"'{first.Name}' and what its log folds to", expected, log.ToDictionary(static document => document.Key, static document => DocumentCodec.Write(document.Value)));
        foreach (var other in _replicas.Skip(1))
            Compare($"'{first.Name}' and '{other.Name}'", expected, Read(other));
    }

    private static Dictionary<DocumentKey, byte[]> Read(SimulatedReplica replica) =>
        replica.Inner.ReadDocuments().ToDictionary(static document => document.Key, static document => document.State);

    private static void Compare(string who, Dictionary<DocumentKey, byte[]> first, Dictionary<DocumentKey, byte[]> second)
    {
        var differing = first.Keys.Union(second.Keys).Where(key => !first.TryGetValue(key, out var a) || !second.TryGetValue(key, out var b) || !a.AsSpan().SequenceEqual(b)).Order().ToList();
        if (differing.Count > 0) throw new SimulationException($"{who} hold the same changes and differ in {differing.Count} documents: {string.Join(", ", differing.Take(5))}.");
    }
}
