namespace Edge.Sync.Log;

/// <summary>Where a change from elsewhere belongs in the log.</summary>
/// <param name="Verdict">What to do with it.</param>
/// <param name="Own">The feed or branch that it is in.</param>
/// <param name="Before">The change before it there, by its name here; counter 0 for a first one.</param>
/// <param name="Dependencies">What else it follows, by names here.</param>
/// <param name="Splits">What is held behind <paramref name="Before"/> is another branch, and has this name from now on; null where nothing is held there.</param>
internal readonly record struct Place(AdmissionVerdict Verdict, ReplicaId Own, Dot Before, Dot[] Dependencies, ReplicaId? Splits)
{
    public static Place Early => new(AdmissionVerdict.Early, default, default, [], null);

    public static Place Duplicate(ReplicaId own) => new(AdmissionVerdict.Duplicate, own, default, [], null);

    public static Place Refused => new(AdmissionVerdict.Refused, default, default, [], null);
}
