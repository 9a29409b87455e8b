using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Edge.Sync.Storage;

/// <summary>A read-only connection for apps. Its transactions begin as readers do: the framework's own ask for the writer's lock, which such a connection may not have.</summary>
internal sealed class ReadConnection(string connectionString) : SqliteConnection(connectionString)
{
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel, deferred: true);
}
