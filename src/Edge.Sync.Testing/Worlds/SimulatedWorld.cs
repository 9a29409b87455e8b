using Edge.Sync.Log;

namespace Edge.Sync.Testing;

/// <summary>Replicas, the network between them, their clocks and their disks, in one thread from one seed. Made by <see cref="Simulation"/>; for use by its scenario only.</summary>
/// <remarks>
/// Time is virtual, and goes on while the scenario waits and nothing is left to do at the present moment. The databases are whole: documents, queries, events, projections; they lie in files of a temporary folder.
/// </remarks>
public sealed partial class SimulatedWorld
{
    private readonly SimulationOptions _options;
    private readonly int _seed;
    private readonly string _folder;
    private readonly Pump _pump = new();
    private readonly Trace _trace;
    private readonly List<SimulatedReplica> _replicas = [];
    private readonly List<SimulatedLink> _links = [];
    private readonly HashSet<ChangeId> _seen = [], _lost = [];

    internal SimulatedWorld(SimulationOptions options, int seed, string folder)
    {
        (_options, _seed, _folder, _trace) = (options, seed, folder, new(_pump, options.Trace));
        TimeProvider = new VirtualClock(_pump, default);
        Random = new(SimulatedRandom.Seed(seed, 0));
        _pump.Deadline = options.Patience;
    }

    /// <summary>Virtual time since the run began.</summary>
    public TimeSpan Now => _pump.Now;

    /// <summary>The true time of this world; the replicas' clocks differ from it by <see cref="SimulationOptions.ClockSkew"/> at most. For delays within a scenario.</summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Chance from the run's seed, for what the scenario itself draws.</summary>
    public Random Random { get; }

    /// <summary>How many changes power cuts have taken before any disk had them.</summary>
    public int LostToPowerCuts => _lost.Count;

    /// <summary>Adds replicas, each connected with all others.</summary>
    /// <param name="names">Their names, each once.</param>
    /// <returns>The replicas in the order of their names: <c>var (alice, bob) = await world.AddReplicasAsync("alice", "bob")</c>.</returns>
    public async Task<ReplicaGroup> AddReplicasAsync(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Touch();
        var added = new SimulatedReplica[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(names[i]);
            if (_replicas.Exists(other => other.Name == names[i])) throw new ArgumentException($"There is a replica '{names[i]}' already.", nameof(names));
            var number = _replicas.Count;
            var replica = added[i] = new(names[i], number, Path.Combine(_folder, $"{number}.db"), Make);
            await replica.OpenAsync().ConfigureAwait(false);
            foreach (var other in _replicas)
            {
                var link = new SimulatedLink(_pump, _trace, _options, _seed, _links.Count, other.Name, replica.Name);
                _links.Add(link);
                other.Add(link, 0);
                replica.Add(link, 1);
            }
            _replicas.Add(replica);
        }
        return new(added);
    }

    /// <summary>Cuts the network into sides that do not hear each other; whoever is in none of them is alone. Frames on the way are lost; sessions find out by themselves, after 45 seconds.</summary>
    /// <param name="sides">Who still hears each other: <c>world.Partition([alice], [bob, hub])</c>.</param>
    public void Partition(params IEnumerable<SimulatedReplica>[] sides)
    {
        ArgumentNullException.ThrowIfNull(sides);
        Touch();
        var sideOf = new Dictionary<string, int>();
        foreach (var (replica, side) in sides.SelectMany(static (side, i) => side.Select(replica => (replica, i))))
            if (!sideOf.TryAdd(replica.Name, side)) throw new ArgumentException($"'{replica.Name}' is on two sides.", nameof(sides));
        foreach (var link in _links)
            link.IsCut = !sideOf.TryGetValue(link.NameOf(0), out var first) || !sideOf.TryGetValue(link.NameOf(1), out var second) || first != second;
        _trace.Write($"partition {string.Join(" | ", sides.Select(static side => string.Join(", ", side)))}");
    }

    /// <summary>Ends all partitions.</summary>
    public void Heal()
    {
        Touch();
        _trace.Write($"heal");
        foreach (var link in _links)
            link.IsCut = false;
    }

    /// <summary>Cuts a replica's power at the end of the present moment, and opens its file again: what its disk had not synced is gone, and its peers are not told.</summary>
    /// <remarks>
    /// A replica with a running session syncs its disk at the moment of each write, before anything leaves it: such a write survives. One that has been alone for longer than 45 seconds has no session,
    /// and loses what it wrote since (<see cref="LostToPowerCuts"/>). Objects of the old database are dead: ask <see cref="SimulatedReplica.Database"/> again.
    /// </remarks>
    /// <exception cref="SimulationException">Somebody holds a change that the power cut took: it had left the device before it was durable.</exception>
    public async Task CrashAsync(SimulatedReplica replica)
    {
        ArgumentNullException.ThrowIfNull(replica);
        Touch();
        await _pump.AdvanceAsync(TimeSpan.Zero).ConfigureAwait(false);
        var before = replica.Ids();
        await replica.CutPowerAsync().ConfigureAwait(false);
        await replica.OpenAsync().ConfigureAwait(false);
        var after = replica.Ids();
        _seen.UnionWith(before);
        _trace.Write($"power cut at {replica.Name}, {before.Count - after.Count} changes lost");
        before.ExceptWith(after);
        var self = replica.Inner.Store.Replica;
        foreach (var other in _replicas.Where(other => other != replica && other.IsOn))
            foreach (var change in other.Inner.Store.ReadChanges(0, int.MaxValue))
            {
                // What others wrote comes again from them; what it wrote itself would be written again under the same name.
                if (before.Remove(change.Id) && change.Last.Replica == self)
                    throw new SimulationException($"'{other.Name}' holds a change of '{replica.Name}' that a power cut took there: it had left the device before it was durable.");
            }
        _lost.UnionWith(before);
    }

    /// <summary>Lets virtual time pass.</summary>
    public Task AdvanceAsync(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Touch(time);
        return _pump.AdvanceAsync(time);
    }

    internal void Run(Task scenario) => _pump.Run(scenario);

    internal async Task CloseAsync()
    {
        _pump.Deadline = TimeSpan.MaxValue;
        foreach (var replica in _replicas.Where(static replica => replica.IsOn))
        {
            _trace.Write($"end {replica.Name} {replica.Inner.Log.ToVersion(0).Fingerprint}");
            await replica.CloseAsync().ConfigureAwait(false);
        }
    }

    internal SimulationException Fail(string reason, int run, Exception? inner) => new(reason, _seed, run, _pump.Steps, _pump.Now, _trace.Last(), inner);

    private EdgeDatabase Make(SimulatedReplica replica)
    {
        var draw = new Random(SimulatedRandom.Seed(_seed, 10 + replica.Number));
        var options = new EdgeDatabaseOptions { Path = replica.Path };
        _options.Configure?.Invoke(replica.Name, options);
        (options.Path, options.Name, options.DeviceKey) = (replica.Path, "simulation", SimulatedKey.Of(replica.Number));
        options.TimeProvider = new VirtualClock(_pump, _options.ClockSkew * ((2 * draw.NextDouble()) - 1));
        return new(options, _pump, new SimulatedRandom(SimulatedRandom.Seed(_seed, 100_000 + (replica.Number * 1_000) + replica.Openings)));
    }

    // Whoever speaks to the world has not been waiting for ever.
    private void Touch(TimeSpan time = default)
    {
        _pump.AssertHere();
        _pump.Deadline = _pump.Now + time + _options.Patience;
    }
}
