using Edge.Sync.Generators.Snapshots;
using Edge.Sync.Generators.Tests.Callbacks;

namespace Edge.Sync.Generators.Tests.Snapshots;

/// <summary>ES0001.</summary>
public class SnapshotWriteTests
{
    [Theory]
    [InlineData("var job = await jobs.FindAsync(id); [|job!.Title = \"x\"|];")]
    [InlineData("var job = (await jobs.FindAsync(id))!; [|job.Minutes.Add(5)|];")]
    [InlineData("[|(await jobs.FindAsync(id))!.Done = true|];")]
    [InlineData("var job = await jobs.FindAsync(id) ?? throw new InvalidOperationException(); [|job.Parts.Add(\"seal\")|];")]
    [InlineData("if (await jobs.FindAsync(id) is { } job) [|job.Done = true|];")]
    [InlineData("if (await jobs.FindAsync(id) is Job job) [|job.Done = true|];")]
    [InlineData("var all = await jobs.Where(j => j.Done).ToListAsync(); [|all[0].Notes.Append(\"x\")|];")]
    [InlineData("var first = (await jobs.ToListAsync()).First(j => j.Done); [|first.Title = \"x\"|];")]
    [InlineData("foreach (var job in await jobs.ToListAsync()) { [|job.Address.City = \"x\"|]; }")]
    [InlineData("await foreach (var all in jobs.WatchAsync()) foreach (var job in all) { [|job.Stock[\"a\"].Add(1)|]; }")]
    [InlineData("var job = await jobs.FirstOrDefaultAsync(); var same = job!; [|same.Title += \"x\"|];")]
    public Task Write_to_what_a_query_gave_is_reported(string statements) => Analyzing.AssertReportsAsync(new SnapshotWriteAnalyzer(), "ES0001", statements);

    [Theory]
    [InlineData("await jobs.EditAsync(id, j => { j.Title = \"x\"; j.Minutes.Add(1); });")]
    [InlineData("var job = await jobs.FindAsync(id); var title = job!.Title; title += \"x\"; _total += job.Minutes.Value;")]
    [InlineData("var job = new Job(); job.Title = \"x\"; job.Parts.Add(\"a\"); await jobs.AddAsync(job);")]
    [InlineData("var job = await jobs.FindAsync(id) ?? new Job(); job.Title = \"x\";")]
    [InlineData("var job = await jobs.FindAsync(id); if (job is null) job = new Job(); job.Title = \"x\";")]
    [InlineData("holder.Job!.Title = \"x\"; Fill(holder.Job);")]
    [InlineData("var names = (await jobs.ToListAsync()).Select(j => j.Title).ToList(); names.Add(\"x\");")]
    [InlineData("var all = new List<Job>(await jobs.ToListAsync()); all.Add(new Job());")]
    [InlineData("var job = await jobs.FindAsync(id); if (job!.Parts.Contains(\"a\") && job.Notes.Value.Length > 0 && job.Stock.ContainsKey(\"b\")) _total++;")]
    public Task Other_code_is_not_reported(string statements) => Analyzing.AssertReportsAsync(new SnapshotWriteAnalyzer(), "ES0001", statements);

    [Fact]
    public async Task Message_names_the_variable_and_the_way_out()
    {
        var found = await Analyzing.AssertReportsAsync(new SnapshotWriteAnalyzer(), "ES0001", "var job = await jobs.FindAsync(id); [|job!.Title = \"x\"|];");
        Assert.Contains("'job'", found[0].GetMessage());
        Assert.Contains("EditAsync", found[0].GetMessage());
    }
}
