namespace Edge.Sync.Tests.Golden;

/// <summary>The files beside this one that hold the bytes of format version 1.</summary>
/// <remarks>
/// They are written anew by <c>EDGE_SYNC_GOLDEN=write artifacts/bin/Edge.Sync.Tests/debug/Edge.Sync.Tests -namespace Edge.Sync.Tests.Golden</c>, never on CI:
/// a change of the format is then seen in review, line by line. They stay: a later version puts its own beside them, and reads both.
/// </remarks>
internal static class GoldenFiles
{
    /// <summary>Whether they are written anew. Never on CI.</summary>
    public static bool Writes { get; } = Environment.GetEnvironmentVariable("EDGE_SYNC_GOLDEN") == "write" && (Environment.GetEnvironmentVariable("CI") != "true"
        ? true
        : throw new InvalidOperationException("Golden files are not written on CI."));

    /// <summary>The file's text; where it shall be written anew, what <paramref name="actual"/> is.</summary>
    public static string Read(string name, GoldenText actual)
    {
        var path = PathOf($"{name}.txt");
        if (Writes) File.WriteAllText(path, actual.ToString());
        return File.ReadAllText(path);
    }

    /// <summary>Where a file of this version lies.</summary>
    public static string PathOf(string file) => Path.Combine(Folder(), file);

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Edge.Sync.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside of the repository."), "tests", "Edge.Sync.Tests", "Golden", "v1");
    }
}
