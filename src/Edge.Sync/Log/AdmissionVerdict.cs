namespace Edge.Sync.Log;

/// <summary>See <see cref="Admission"/>.</summary>
internal enum AdmissionVerdict
{
    Accepted,
    Duplicate,
    Early,
}
