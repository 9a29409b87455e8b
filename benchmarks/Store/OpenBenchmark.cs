using System.Diagnostics;
using System.Globalization;
using Edge.Sync.Documents;

namespace Edge.Sync.Benchmarks.Store;

/// <summary>A file with a million documents: how long it takes to make, to open and to read one, and what stays in memory.</summary>
internal static class OpenBenchmark
{
    public static async Task RunAsync(string folder, int documents)
    {
        var path = Path.Combine(folder, "large.db");
        var start = Stopwatch.GetTimestamp();
        await using (var db = await EdgeDatabase.OpenAsync(path))
        {
            await db.Documents<Reading>().CountAsync();
            var opened = await db.OpenedAsync(default);
            await opened.Writer.RunAloneAsync(replica =>
            {
                for (var i = 0; i < documents;)
                {
                    replica.Begin();
                    for (var end = Math.Min(i + 5000, documents); i < end; i++)
                        replica.Edit(draft => Attach<Reading>(draft, DocumentId.Named($"sensor {i}")).Value = i);
                    replica.Commit();
                }
                return true;
            });
        }
        Console.WriteLine($"{documents:N0} documents made in {Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s, {new FileInfo(path).Length >> 20:N0} MB");
        // In a process of its own: what is resident then is the reader's.
        var info = new ProcessStartInfo(Environment.ProcessPath!, ["store", "opened", path, documents.ToString(CultureInfo.InvariantCulture)]);
        // As an app is compiled that says nothing, not as this one, which waits longer at first for loops that are quick at once.
        info.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        using var reader = Process.Start(info)!;
        await reader.WaitForExitAsync();
    }

    public static async Task ShowAsync(string path, int documents)
    {
        for (var round = 0; round < 3; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var db = await EdgeDatabase.OpenAsync(path);
            var open = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            var reading = await db.Documents<Reading>().FindAsync(DocumentId.Named($"sensor {documents / 2}"));
            var find = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await db.Documents<Reading>().EditAsync(DocumentId.Named($"sensor {documents / 3}"), static r => r.Samples.Add(1));
            Process.GetCurrentProcess().Refresh();
            Console.WriteLine($"opened in {open:N1} ms, first document ({reading?.Value}) in {find:N1} ms, {Environment.WorkingSet >> 20} MB resident, {GC.GetTotalMemory(false) >> 20} MB managed");
        }
    }

    private static T Attach<T>(ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));
}
