namespace Edge.Sync.LogModel.Model;

/// <summary>A replica's own changes.</summary>
internal sealed class Writing(Universe universe)
{
    public ReplicaFile Append(ReplicaFile file, int wall, ChangeKind kind, Operation operation, int edit = -1, int subject = -1, int bound = 0)
    {
        var change = universe.Commit(file.Self, file.Head, file.Held, kind, operation, edit, Clock.Next(universe, file.Held, file.Self, wall), subject, bound);
        return file with { Head = change.Index, Held = file.Held.With(change.Index), Unsynced = file.Unsynced.With(change.Index) };
    }
}
