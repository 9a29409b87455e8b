namespace Edge.Sync.Log;

/// <summary>See <see cref="Admission"/>.</summary>
internal enum AdmissionVerdict
{
    Accepted,
    Duplicate,
    Early,

    /// <summary>What it follows could be one of several: a feed that it names has forked. Whoever sends it says which.</summary>
    Untold,

    /// <summary>Its feed has more branches than are kept. It is left, and the rest goes on.</summary>
    Refused,
}
