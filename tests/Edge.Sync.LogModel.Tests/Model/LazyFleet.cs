namespace Edge.Sync.LogModel.Model;

/// <summary>A fleet in which nothing is received before its receiver acts: the files as they were after their last acts, and what others may still take in of each machine.</summary>
internal sealed class LazyFleet(Fleet fleet, IReadOnlyList<ReplicaFile[]> versions)
{
    public Fleet Fleet { get; } = fleet;

    /// <summary>By machine: its file after each of its acts, oldest first, as far as it could leave the device. Only content counts, so each content is here once.</summary>
    public IReadOnlyList<ReplicaFile[]> Versions { get; } = versions;

    /// <summary>By machine: what its file can be by receipts alone. Filled by who explores.</summary>
    public List<Receiver>[]? Reach { get; set; }

    public UInt128 Hash()
    {
        var hash = new StateHash();
        hash.Add(Fleet.Hash());
        foreach (var versions in Versions)
        {
            hash.Add(versions.Length);
            foreach (var version in versions)
            {
                hash.Add(version.Held.Hash);
                hash.Add(version.Fold.Changes.Hash);
            }
        }
        return hash.Value;
    }

    /// <summary>A file with some of the versions of others taken in.</summary>
    internal sealed class Receiver
    {
        public Receiver(ReplicaFile file, Session.Machine machine)
        {
            (File, Machine) = (file, machine);
            var hash = new StateHash();
            file.AddTo(ref hash);
            hash.Add(machine.Slot);
            hash.Add(machine.FreshCount);
            Hash = hash.Value;
        }

        public ReplicaFile File { get; }

        public Session.Machine Machine { get; }

        public UInt128 Hash { get; }
    }
}

/// <summary>One step of a lazy exploration: what an actor (and its peer, where two meet) took in first, and what was done then.</summary>
internal readonly record struct LazyStep(Step Step, ChangeSet ActorTook, ChangeSet OtherTook);
