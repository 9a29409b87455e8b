namespace Edge.Sync.Log;

/// <summary>What a change may be at most. Constants of the format: every replica gives the same verdict, for ever.</summary>
internal static class LogLimits
{
    /// <summary>Operations in one change.</summary>
    public const int CountMax = 1 << 20;

    /// <summary>Changes that one change names as its direct predecessors, besides its author's previous one.</summary>
    public const int DependenciesMax = 32;

    /// <summary>Bytes of the shortest change, which has no body and follows nothing.</summary>
    public const int ChangeBytesMin = 26;

    /// <summary>Bytes of a body.</summary>
    public const int BodyBytesMax = 8 << 20;

    /// <summary>Bytes of the shortest section, with its length before it.</summary>
    public const int SectionBytesMin = 2;

    /// <summary>Bytes of a section's salt, which keeps its hash from being guessed once the section itself is absent.</summary>
    public const int SaltBytes = 16;

    /// <summary>Records in one change; those after them are void.</summary>
    public const int RecordsMax = 16;

    /// <summary>Bytes of a body as it is stored and sent: a short section's absent form is longer than the section.</summary>
    public const int StoredBodyBytesMax = BodyBytesMax / 2 * 3;

    /// <summary>Bytes of a header: 32 dependencies take about 900.</summary>
    public const int HeaderBytesMax = 2048;
}
