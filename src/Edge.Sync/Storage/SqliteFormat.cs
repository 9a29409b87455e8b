using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>A format version of database files, and the steps that lead to it from older ones.</summary>
/// <param name="Version">The version that this code writes.</param>
/// <param name="Steps">Step n leads from version <see cref="SqliteSchema.FormatVersionMin"/> + n to the next. It changes the log's tables only: all others are made again afterwards.</param>
internal sealed record SqliteFormat(int Version, IReadOnlyList<Action<SqliteConnection>> Steps)
{
    public static SqliteFormat Current { get; } = new(SqliteSchema.FormatVersion, []);

    /// <summary>Brings a file to this version: first a whole copy beside it, then all steps in one transaction. A file that was not upgraded is as it was.</summary>
    /// <remarks>The copy is the same replica, under the same key: it must only ever take the place of the upgraded file.</remarks>
    /// <exception cref="EdgeStorageException">There is no room for the copy.</exception>
    public void Upgrade(SqliteConnection connection, string path, int version)
    {
        var backup = string.Create(CultureInfo.InvariantCulture, $"{path}.v{version}.backup");
        // One that is there already is of an upgrade that did not come to its end, and whole: it got its name last. The file has not moved since.
        if (!File.Exists(backup))
        {
            using var copy = SqliteCopy.Start(connection, backup);
            copy.Publish();
        }
        SqliteStore.InTransaction(connection, () =>
        {
            for (var from = version; from < Version; from++)
                Steps[from - SqliteSchema.FormatVersionMin](connection);
            SqliteStore.WriteMeta(connection, "layout", 0L);
            SqliteStore.Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version + 1}"));
        });
    }
}
