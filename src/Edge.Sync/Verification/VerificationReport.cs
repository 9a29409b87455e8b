namespace Edge.Sync;

/// <summary>What <see cref="EdgeDatabase.VerifyAsync(IProgress{long}?, CancellationToken)"/> has proven, or found.</summary>
public sealed class VerificationReport
{
    internal const int FaultsMax = 100;

    private readonly List<VerificationFault> _faults = [];

    internal VerificationReport() { }

    /// <summary>Whether the whole file is sound: every id follows from the bytes and the whole past, and all that is stored beside the log equals a fold of it.</summary>
    public bool IsSound => FaultCount == 0;

    /// <summary>The changes of the log.</summary>
    public long ChangeCount { get; internal set; }

    /// <summary>The seals of the log: each was checked against the key of its feed's owner.</summary>
    public long SealCount { get; internal set; }

    /// <summary>The documents that the log folds to, deleted ones included.</summary>
    public long DocumentCount { get; internal set; }

    /// <summary>The documents that are purged: nothing of them is in the log but which changes had named them.</summary>
    public long PurgedCount { get; internal set; }

    /// <summary>The documents of which sections are absent: they are elsewhere, and no fault of the file.</summary>
    public long IncompleteCount { get; internal set; }

    /// <summary>The sections that are absent or wait for a key, those of purged documents not counted.</summary>
    public long HoleCount { get; internal set; }

    /// <summary>The sections that could not be read, since their keys are not here.</summary>
    public long WaitingCount { get; internal set; }

    /// <summary>The rows of SQL tables that were compared.</summary>
    public long RowCount { get; internal set; }

    /// <summary>Operations and sections that are malformed, and void on every replica. They are no fault of the file.</summary>
    public long VoidCount { get; internal set; }

    /// <summary>Records that this version keeps and passes on without acting on them: of kinds that it does not know, or does not obey yet.</summary>
    public long PendingRecordCount { get; internal set; }

    /// <summary>The points of series, and the buckets that others became.</summary>
    public long PointCount { get; internal set; }

    /// <summary>How many faults were found.</summary>
    public long FaultCount { get; private set; }

    /// <summary>The first 100 faults.</summary>
    public IReadOnlyList<VerificationFault> Faults => _faults;

    internal void Add(VerificationSubject subject, string message)
    {
        FaultCount++;
        if (_faults.Count < FaultsMax) _faults.Add(new(subject, message));
    }
}
