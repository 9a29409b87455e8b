using Edge.Sync.Series;
using Edge.Sync.Trust.Content;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Verification;

/// <summary>
/// Proves a file: recomputes each id of the log from bytes and past, folds the log again from nothing, and compares all that is stored beside it. Reads only.
/// </summary>
/// <remarks>Memory stays bounded: the log is folded in parts, by document, as often as there are parts.</remarks>
internal static class Verifier
{
    /// <summary>Documents in memory at a time.</summary>
    private const int PartDocuments = 50_000;

    /// <param name="connection">To the file. What is read is of one moment.</param>
    /// <param name="path">For messages.</param>
    /// <param name="keys">The keys of its documents.</param>
    /// <param name="progress">Gets the number of changes that were read so far, over all parts.</param>
    /// <param name="cancellationToken">Looked at between changes.</param>
    /// <param name="partDocuments">Documents in memory at a time.</param>
    public static VerificationReport Verify(SqliteConnection connection, string path, IContentKeys keys, IProgress<long>? progress, CancellationToken cancellationToken, int partDocuments = PartDocuments)
    {
        using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN";
        begin.ExecuteNonQuery();
        try
        {
            using var file = new VerifiedFile(connection, path, keys, progress, cancellationToken);
            Verify(file, partDocuments);
            return file.Report;
        }
        finally
        {
            begin.CommandText = "ROLLBACK";
            begin.ExecuteNonQuery();
        }
    }

    private static void Verify(VerifiedFile file, int partDocuments)
    {
        var report = file.Report;
        using var log = new LogVerifier(file);
        // Each step goes on where another failed: the report names all that is wrong, as far as it can be read.
        file.Try(VerificationSubject.Page, () => VerifyPages(file));
        file.Try(VerificationSubject.Log, log.Verify);
        if (report.IsSound)
        {
            file.Try(VerificationSubject.Document, () =>
            {
                using var fold = new FoldVerifier(file, log);
                fold.Verify(partDocuments);
            });
        }
        file.Try(VerificationSubject.Series, () => report.PointCount = SeriesCheck.Check(file.Connection, (_, _, message) => report.Add(VerificationSubject.Series, message)));
    }

    private static void VerifyPages(VerifiedFile file)
    {
        using var command = file.Connection.CreateCommand();
        command.CommandText = $"PRAGMA integrity_check({VerificationReport.FaultsMax})";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            if (reader.GetString(0) is not "ok" and var fault) file.Report.Add(VerificationSubject.Page, fault);
    }
}
