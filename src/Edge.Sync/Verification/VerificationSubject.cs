namespace Edge.Sync;

/// <summary>The part of a file that a fault is in.</summary>
public enum VerificationSubject
{
    /// <summary>The pages of the SQLite file.</summary>
    Page,

    /// <summary>The log: only this one cannot be made again from another. <see cref="EdgeDatabase.RepairAsync(string, RepairOptions?, CancellationToken)"/> saves what is whole.</summary>
    Log,

    /// <summary>The stored state of a document.</summary>
    Document,

    /// <summary>Which changes each document has.</summary>
    History,

    /// <summary>The SQL table of a collection.</summary>
    Table,

    /// <summary>Points of a series. <see cref="EdgeDatabase.RepairAsync(CancellationToken)"/> removes those that are damaged: they are nowhere else.</summary>
    Series,
}
