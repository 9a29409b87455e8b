namespace Edge.Sync.LogModel.Model;

/// <summary>The whole state of a world: four machines, the fourth without a file until one is copied to it or a newcomer brings its own.</summary>
internal sealed record Fleet
{
    public const int SlotCount = 4;

    public required IReadOnlyList<ReplicaFile?> Files { get; init; }

    public required IReadOnlyList<ReplicaFile?> Backups { get; init; }

    public required IReadOnlyList<int> FreshCounts { get; init; }

    public required IReadOnlyList<int> EditCounts { get; init; }

    /// <summary>Feeds of which a file was copied or rolled back: what is in them may come too late.</summary>
    public ChangeSet Branched { get; init; } = ChangeSet.Empty;

    /// <summary>How often each act is still possible, by act and machine.</summary>
    public required IReadOnlyList<byte> Budgets { get; init; }

    public byte BudgetOf(Act act, int slot) => Budgets[((int)act * SlotCount) + slot];

    public Fleet Spend(Act act, int slot)
    {
        var budgets = Budgets.ToArray();
        budgets[((int)act * SlotCount) + slot]--;
        return this with { Budgets = budgets };
    }

    public Fleet With(int slot, ReplicaFile file) => this with { Files = Replace(Files, slot, file) };

    public Fleet With(Session.Machine machine) =>
        FreshCounts[machine.Slot] == machine.FreshCount ? this : this with { FreshCounts = Replace(FreshCounts, machine.Slot, machine.FreshCount) };

    /// <summary>A hash over the files alone.</summary>
    public UInt128 FilesHash()
    {
        var hash = new StateHash();
        foreach (var file in Files) Add(ref hash, file);
        foreach (var count in FreshCounts) hash.Add(count);
        hash.Add(Branched.Hash);
        return hash.Value;
    }

    public UInt128 Hash()
    {
        var hash = new StateHash();
        hash.Add(FilesHash());
        foreach (var backup in Backups) Add(ref hash, backup);
        foreach (var count in EditCounts) hash.Add(count);
        foreach (var budget in Budgets) hash.Add((long)budget);
        return hash.Value;
    }

    public static IReadOnlyList<T> Replace<T>(IReadOnlyList<T> list, int index, T value)
    {
        var copy = list.ToArray();
        copy[index] = value;
        return copy;
    }

    private static void Add(ref StateHash hash, ReplicaFile? file)
    {
        if (file is null) hash.Add(-1);
        else file.AddTo(ref hash);
    }
}
