namespace Edge.Sync.LogModel.Model;

/// <summary>Hybrid time in a world where no time passes: the wall clock of each machine stands, some of them wrong.</summary>
internal static class Clock
{
    /// <summary>How far a clock follows a foreign stamp past its own wall clock.</summary>
    public const int DriftMax = 2;

    /// <summary>The next stamp: after all own ones, and after the foreign ones that are not too far ahead.</summary>
    public static int Next(Universe universe, ChangeSet held, int self, int wall)
    {
        var time = wall;
        foreach (var i in held.Items)
        {
            var change = universe[i];
            if (change.Feed == self || change.Time <= wall + DriftMax) time = Math.Max(time, change.Time + 1);
        }
        return time;
    }
}
