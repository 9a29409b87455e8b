using System.Globalization;

namespace Edge.Sync.LogModel.Explorer;

/// <summary>How far to look. The defaults keep the whole project within a minute on two cores.</summary>
internal static class Bounds
{
    /// <summary>States at which an exploration stops: <c>EDGE_SYNC_MODEL_STATES</c>.</summary>
    public static int StatesMax => Read("EDGE_SYNC_MODEL_STATES", 120_000);

    /// <summary>Whether somebody asked for more than the defaults.</summary>
    public static bool IsRaised => Environment.GetEnvironmentVariable("EDGE_SYNC_MODEL_STATES") is not null;

    /// <summary>Acts more than by default, where a history ends after so many; worlds that can be whole are whole with any: <c>EDGE_SYNC_MODEL_EXTRA</c>.</summary>
    public static int Extra => Read("EDGE_SYNC_MODEL_EXTRA", 0);

    /// <summary>Random histories of the open world: <c>EDGE_SYNC_MODEL_SEEDS</c>.</summary>
    public static int SeedCount => Read("EDGE_SYNC_MODEL_SEEDS", 12);

    /// <summary>The first of them: <c>EDGE_SYNC_MODEL_FIRST_SEED</c>.</summary>
    public static int FirstSeed => Read("EDGE_SYNC_MODEL_FIRST_SEED", 1);

    /// <summary>After how many counterexamples of one world to stop: <c>EDGE_SYNC_MODEL_FOUND</c>.</summary>
    public static int FoundMax => Read("EDGE_SYNC_MODEL_FOUND", 1);

    /// <summary>Random histories in which a rule's lack is looked for: <c>EDGE_SYNC_MODEL_HUNT_SEEDS</c>.</summary>
    public static int HuntSeedCount => Read("EDGE_SYNC_MODEL_HUNT_SEEDS", 20);

    /// <summary>Databases, and so orders among ids, that a world is explored with: <c>EDGE_SYNC_MODEL_SALTS</c>.</summary>
    public static int SaltCount => Read("EDGE_SYNC_MODEL_SALTS", 1);

    private static int Read(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
