using Edge.Sync;

await using var db = await EdgeDatabase.OpenAsync($"{args[0]}.db");        // one SQLite file = one replica
await using var sync = db.StartSync(s => s.UseLan("quick-start"));         // no account, no server
var jobs = db.Documents<Job>();
await jobs.EditAsync(DocumentId.Named("pump-7"), job =>                    // one atomic commit, offline too
{
    job.Title = "Replace pump 7";                                          // register
    job.Minutes.Add(30);                                                   // counter: both devices' minutes add up
    job.Parts.Add($"seal from {args[0]}");                                 // set: concurrent adds both survive
    job.Notes.Append($"{args[0]} was here. ");                             // text: nothing is lost
});
await foreach (var open in jobs.Where(j => !j.Done).OrderBy(j => j.Title).WatchAsync())
    foreach (var j in open)
        Console.WriteLine($"{j.Title}: {j.Minutes} min | {string.Join(", ", j.Parts)} | {j.Notes}");

[EdgeDocument("job")]
public partial class Job                                                   // the generator writes the other half
{
    public partial string Title { get; set; }
    public partial bool Done { get; set; }
    public partial Counter Minutes { get; }
    public partial ReplicatedSet<string> Parts { get; }
    public partial ReplicatedText Notes { get; }
}
