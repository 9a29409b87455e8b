namespace Edge.Sync.Tool.Commands;

/// <summary>Opens a file as its one writer, whatever the name and the pairing key of its database.</summary>
internal static class DatabaseFile
{
    public static Task<EdgeDatabase> OpenAsync(string path) => EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = path, Name = FileInspector.Inspect(path).Name, TakesAnyDatabase = true });
}
