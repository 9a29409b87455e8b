using Edge.Sync.Log;
using Edge.Sync.Projections;
using Edge.Sync.Storage;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Verification;

/// <summary>The file that is verified, as of one moment, and what was found so far.</summary>
/// <param name="connection">Inside of a read transaction, so that it sees one moment.</param>
/// <param name="path">For messages.</param>
/// <param name="keys">The keys of its documents.</param>
/// <param name="progress">Gets the number of changes that were read so far, over all parts.</param>
/// <param name="cancellationToken">Looked at between changes.</param>
internal sealed class VerifiedFile(SqliteConnection connection, string path, IContentKeys keys, IProgress<long>? progress, CancellationToken cancellationToken) : IDisposable
{
    public SqliteConnection Connection => connection;

    public string Path => path;

    public IContentKeys Keys => keys;

    public CancellationToken CancellationToken => cancellationToken;

    public LogReader Log { get; } = new(connection);

    public VerificationReport Report { get; } = new();

    public IEnumerable<StoredChange> ReadLog()
    {
        long count = 0;
        foreach (var change in Log.ReadAfter(0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++count % 10_000 == 0) progress?.Report(count);
            yield return change;
        }
    }

    /// <summary>Runs a step, and notes what kept it from its end.</summary>
    public void Try(VerificationSubject subject, Action step)
    {
        try { step(); }
        catch (SqliteException e) { Report.Add(e.SqliteErrorCode is 11 or 26 ? VerificationSubject.Page : subject, e.Message); }
        catch (EdgeSyncException e) { Report.Add(subject, e.Message); }
        catch (Exception e) when (SqliteErrors.IsForeignValue(e)) { Report.Add(subject, $"it holds a value that is not written there: {e.Message}"); }
    }

    public byte[] ReadMeta(string key) => Scalar($"SELECT value FROM edge_meta WHERE key = '{key}'") as byte[] ?? throw new EdgeDataException($"edge_meta lacks '{key}'.", "meta");

    public object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => Log.Dispose();
}
