namespace Edge.Sync.Tool;

/// <summary>What the tool tells scripts. Documented in docs/tool.md; numbers are never given another meaning.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The file is not sound, or not all of it could be saved.</summary>
    public const int Unsound = 1;

    public const int Usage = 2;

    /// <summary>There is no such file, or it is none that this version knows.</summary>
    public const int NotADatabase = 3;

    public const int Locked = 4;

    /// <summary>No room, or no permission to write.</summary>
    public const int Medium = 5;

    /// <summary>The file is damaged in a way that stopped the command.</summary>
    public const int Damaged = 6;

    /// <summary>What was to be imported is not what it should be.</summary>
    public const int BadInput = 7;

    /// <summary>A document or a file is not in a state in which that can be done: keys are missing, or parts were never encrypted.</summary>
    public const int Refused = 8;

    public static int Of(Exception e) => e switch
    {
        UsageException => Usage,
        EdgeSyncException { Code: EdgeErrorCode.StorageLocked } => Locked,
        EdgeSyncException { Code: EdgeErrorCode.StorageFull or EdgeErrorCode.StorageReadOnly } => Medium,
        EdgeSyncException { Code: EdgeErrorCode.StorageDamaged } => Damaged,
        EdgeDocumentException or EdgeSyncException { Code: EdgeErrorCode.KeysMissing } => Refused,
        EdgeStorageException => NotADatabase,
        EdgeDataException => BadInput,
        IOException or UnauthorizedAccessException => Medium,
        _ => throw new System.Diagnostics.UnreachableException("This exception has no exit code.", e),
    };

    public static bool Has(Exception e) => e is UsageException or EdgeSyncException or IOException or UnauthorizedAccessException;
}
