namespace Edge.Sync.Log;

/// <summary>The log's verdict on a change.</summary>
/// <param name="Verdict">What to do with it.</param>
/// <param name="Id">Its id, where it may be appended.</param>
internal readonly record struct Admission(AdmissionVerdict Verdict, ChangeId Id)
{
    /// <summary>It is held already.</summary>
    public static Admission Duplicate => new(AdmissionVerdict.Duplicate, default);

    /// <summary>Something that it follows is not held yet.</summary>
    public static Admission Early => new(AdmissionVerdict.Early, default);

    public static Admission Accept(ChangeId id) => new(AdmissionVerdict.Accepted, id);
}
