using Edge.Sync.Projections.ReadModels;
using Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Edge.Sync;

/// <summary>How a database is opened.</summary>
/// <remarks>A database takes a copy when it is made: what is set later changes nothing.</remarks>
public sealed record EdgeDatabaseOptions
{
    /// <summary>The SQLite file; made where it does not exist. One file is one replica.</summary>
    public required string Path { get; set; }

    /// <summary>The logical database that the file is a replica of. Files of one name merge.</summary>
    /// <value>The default is <c>default</c>. It is fixed when the file is made.</value>
    public string Name { get; set; } = "default";

    /// <summary>What only those know who may meet. Files of one name and one key merge when they meet, also those that were made apart; others are strangers to each other.</summary>
    /// <value>The default is empty: whoever knows the name may. Else <see cref="PairingKeyMin"/> to <see cref="PairingKeyMax"/> random bytes. It is fixed when the file is made, which keeps a hash of it, and must be given at each opening.</value>
    /// <remarks>It parts databases that happen to bear one name. It is no password: sessions tell each other the hash, and what is on a link or in a file is not encrypted by it.</remarks>
    public ReadOnlyMemory<byte> PairingKey { get; set; }

    /// <summary>The fewest bytes of a <see cref="PairingKey"/>, since what can be guessed parts nobody.</summary>
    public const int PairingKeyMin = 16;

    /// <summary>The most bytes of a <see cref="PairingKey"/>.</summary>
    public const int PairingKeyMax = 64;

    /// <summary>Takes a file that is there as the database that it says it is. For tools, which do not know its key.</summary>
    internal bool TakesAnyDatabase { get; set; }

    /// <summary>The clock for time stamps, back-off and timeouts.</summary>
    /// <value>The default is the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How far ahead of this device's clock a time stamp from elsewhere may lie for this device's own stamps to follow it.</summary>
    /// <value>The default is 5 minutes. Changes with later stamps are applied all the same.</value>
    public TimeSpan ClockDriftMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What seals the changes that this device sends.</summary>
    /// <value>The default, null, is a key that is made with the file and kept in it.</value>
    public DeviceKey? DeviceKey { get; set; }

    /// <summary>How many edits may wait for the writer at a time. One more fails at once with <see cref="EdgeErrorCode.TooManyPending"/>, and is not made; nothing ever blocks.</summary>
    /// <value>The default is 65,536. Whoever awaits each edit never has more than one in the queue.</value>
    public int PendingEditsMax { get; set; } = 65_536;

    /// <summary>Where log entries go, under the category <see cref="EdgeSyncTelemetry.LoggerCategory"/>. What documents hold is in none of them.</summary>
    /// <value>The default, null, is nowhere; in a container it is the container's.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Whether documents can be evicted from this file, to free room on a small device: see <c>EvictAsync</c>. Replicas without it are keepers: what they hold stays, and the others rely on that.</summary>
    /// <value>The default is false. It is fixed when the file is made, and ignored for a file that is there.</value>
    public bool MayEvict { get; set; }

    /// <summary>Whether the old part of the log is packed while no edit waits, once 8,192 changes are not: see <see cref="EdgeDatabase.PackAsync"/>.</summary>
    /// <value>The default is true. Each step takes the writer for a few milliseconds; set it to false where a program packs at hours of its own.</value>
    public bool PacksByItself { get; set; } = true;

    internal IReadOnlyList<ProjectionRegistration> Projections { get; private set; } = [];

    /// <summary>How many events ordered projections can take back; less in tests.</summary>
    internal int TakenBackMax { get; set; } = FoldJournal.DefaultCount;

    /// <summary>Adds a read model of the app's own, which is kept up to date from the opening on. Returns these options.</summary>
    /// <typeparam name="T">The projection.</typeparam>
    /// <exception cref="ArgumentException">There is one of that name already, or no projection can have it.</exception>
    public EdgeDatabaseOptions AddProjection<T>() where T : class, IProjection, new()
    {
        if (!CollectionName.IsValid(T.Name)) throw new ArgumentException($"'{T.Name}' is no name of a projection: use a letter, then letters, digits, '-' and '_', at most {CollectionName.LengthMax} characters.");
        if (Projections.Any(static other => other.Name == T.Name)) throw new ArgumentException($"There is a projection '{T.Name}' already. Give this one another name.");
        Projections = [.. Projections, new ProjectionRegistration<T>()];
        return this;
    }

    internal IReadOnlyList<IDocumentRules> Rules { get; private set; } = [];

    /// <summary>Adds rules that changes of a class must keep to where they come from peers: what breaks one is rejected, for all. For hubs; returns these options.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="configure">Names the rules: see <see cref="DocumentRules{T}"/>.</param>
    public EdgeDatabaseOptions AddRules<T>(Action<DocumentRules<T>> configure) where T : class, IEdgeDocument<T>
    {
        ArgumentNullException.ThrowIfNull(configure);
        var rules = new DocumentRules<T>();
        configure(rules);
        Rules = [.. Rules, rules];
        return this;
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PendingEditsMax);
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        if (Path == ":memory:") throw new ArgumentException("A database needs a file: what is in memory only would be lost, and could not be synced safely.");
        ArgumentException.ThrowIfNullOrEmpty(Name);
        if (PairingKey.Length is not 0 and (< PairingKeyMin or > PairingKeyMax))
            throw new ArgumentException($"PairingKey has {PairingKey.Length} bytes. Give it {PairingKeyMin} to {PairingKeyMax} random ones, or none.");
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClockDriftMax, TimeSpan.Zero);
    }
}
