using Edge.Sync.Generators.Callbacks;

namespace Edge.Sync.Generators.Tests.Callbacks;

/// <summary>ES0002.</summary>
public class DraftEscapeTests
{
    [Theory]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => saved = [|j|]);")]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => { j.Done = true; saved ??= [|j|]; });")]
    [InlineData("object? saved = null; await jobs.EditAsync(id, j => saved = [|j|]);")]
    [InlineData("object? saved = null; await jobs.EditAsync(id, j => saved = [|(j, 1)|]);")]
    [InlineData("Job[] saved = []; await jobs.EditAsync(id, j => saved = [|[j]|]);")]
    [InlineData("Job[] saved = []; await jobs.EditAsync(id, j => saved = [|new[] { j }|]);")]
    [InlineData("var saved = new Job[1]; await jobs.EditAsync(id, j => saved[0] = [|j|]);")]
    [InlineData("List<Job> saved = []; await jobs.EditAsync(id, j => saved = [|new() { j }|]);")]
    [InlineData("Holder? saved = null; await jobs.EditAsync(id, j => saved = [|new Holder { Job = j }|]);")]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => saved = [|j.Done ? j : null|]);")]
    [InlineData("Job? saved = null; int n; await jobs.EditAsync(id, j => (saved, n) = ([|j|], 1));")]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => { var copy = j; saved = [|copy|]; });")]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => { Job copy; copy = j; saved = [|copy|]; });")]
    [InlineData("Job? saved = null; await jobs.EditAsync(id, j => { Job? a = null, b = null; for (var i = 0; i < 3; i++) { saved = [|b|]; b = a; a = j; } });")]
    [InlineData("await jobs.EditAsync(id, j => _job = [|j|]);")]
    [InlineData("await jobs.EditAsync(id, static j => s_job = [|j|]);")]
    [InlineData("await jobs.EditAsync(id, j => holder.Job = [|j|]);")]
    [InlineData("await jobs.EditAsync(id, j => holder?.Job = [|j|]);")]
    [InlineData("await jobs.EditAsync(id, holder, static (j, h) => h.Job = [|j|]);")]
    [InlineData("await jobs.EditAsync(id, j => holder.Parts = [|j.Parts|]);")]
    [InlineData("ReplicatedText? notes = null; await jobs.EditAsync(id, j => notes = [|j.Notes|]);")]
    [InlineData("Counter minutes = default; await jobs.EditAsync(id, j => minutes = [|j.Minutes|]);")]
    [InlineData("Counter stock = default; await jobs.EditAsync(id, j => stock = [|j.Stock[\"pump\"]|]);")]
    [InlineData("Address? address = null; await jobs.EditAsync(id, j => address = [|j.Address|]);")]
    [InlineData("Action<string>? append = null; await jobs.EditAsync(id, j => append = [|j.Notes.Append|]);")]
    [InlineData("Action? later = null; await jobs.EditAsync(id, j => later = [|() => j.Done = true|]);")]
    [InlineData("Action? later = null; await jobs.EditAsync(id, j => { Action now = () => j.Done = true; later = [|now|]; });")]
    [InlineData("await jobs.EditAsync(id, j => _all.Add([|j|]));")]
    [InlineData("await jobs.EditAsync(id, j => holder.All.Add([|j|]));")]
    [InlineData("await jobs.EditAsync(id, _all, static (j, all) => all.Add([|j|]));")]
    [InlineData("await jobs.EditAsync(id, j => { writer.TryWrite([|j|]); });")]
    [InlineData("await jobs.EditAsync(id, j => Closed += [|() => j.Done = true|]);")]
    [InlineData("await jobs.EditAsync(id, j => { var t = Task.Run([|() => j.Done = true|]); });")]
    [InlineData("await jobs.EditAsync(id, j => Later([|() => j.Parts.Add(\"x\")|]));")]
    [InlineData("await jobs.EditAsync(id, j => { var t = new Thread([|() => j.Done = true|]); });")]
    [InlineData("await jobs.EditAsync(id, j => { var t = jobs.EditAsync(id, [|other => other.Title = j.Title|]); });")]
    public Task Draft_that_leaves_is_reported(string statements) => Analyzing.AssertReportsAsync(new DraftEscapeAnalyzer(), "ES0002", statements);

    [Theory]
    [InlineData("await jobs.EditAsync(id, j => { j.Title = \"x\"; j.Minutes.Add(30); j.Parts.Add(\"seal\"); });")]
    [InlineData("var title = \"\"; await jobs.EditAsync(id, j => title = j.Title);")]
    [InlineData("await jobs.EditAsync(id, j => _total = j.Minutes);")]
    [InlineData("await jobs.EditAsync(id, j => _total = j.Stock[\"pump\"]);")]
    [InlineData("var city = \"\"; await jobs.EditAsync(id, j => city = j.Address.City);")]
    [InlineData("await jobs.EditAsync(id, j => _total += j.Minutes.Value);")]
    [InlineData("string[] parts = []; await jobs.EditAsync(id, j => parts = [.. j.Parts]);")]
    [InlineData("List<string> parts = []; await jobs.EditAsync(id, j => parts = new(j.Parts));")]
    [InlineData("await jobs.EditAsync(id, j => Fill(j));")]
    [InlineData("await jobs.EditAsync(id, Fill);")]
    [InlineData("await jobs.EditAsync(id, j => { var copy = j; copy.Done = true; var both = (j, copy); both.j.Title = \"x\"; });")]
    [InlineData("await jobs.EditAsync(id, j => { var here = new List<Job>(); here.Add(j); here?.Add(j); });")]
    [InlineData("await jobs.EditAsync(id, j => { var here = new Holder { Job = j }; here.Job = j; });")]
    [InlineData("await jobs.EditAsync(id, j => { j = new Job(); });")]
    [InlineData("await jobs.EditAsync(id, j => { _ = j; });")]
    [InlineData("string[] all = [\"a\"]; await jobs.EditAsync(id, j => { foreach (var x in all.Where(x => !j.Parts.Contains(x))) j.Parts.Add(x); });")]
    [InlineData("List<string> all = []; await jobs.EditAsync(id, j => all.ForEach(x => j.Parts.Add(x)));")]
    [InlineData("string[] all = []; await jobs.EditAsync(id, j => j.Done = Array.Exists(all, x => j.Parts.Contains(x)));")]
    [InlineData("await jobs.EditAsync(id, j => { Action now = () => j.Done = true; now(); });")]
    [InlineData("await jobs.EditAsync(id, j => { void Now() => j.Done = true; Now(); });")]
    [InlineData("await jobs.EditAsync(id, j => Later(() => Console.WriteLine(1)));")]
    [InlineData("await jobs.EditAsync(id, _all, static (j, all) => j.Minutes.Add(all.Count));")]
    [InlineData("Job? saved = null; new NotOurs().EditAsync(id, j => saved = j);")]
    public Task Draft_that_stays_is_not_reported(string statements) => Analyzing.AssertReportsAsync(new DraftEscapeAnalyzer(), "ES0002", statements);

    [Fact]
    public async Task Message_names_the_draft_and_the_way_out()
    {
        var found = await Analyzing.AssertReportsAsync(new DraftEscapeAnalyzer(), "ES0002", "await jobs.EditAsync(id, job => _job = [|job|]);");
        Assert.StartsWith("The draft 'job' leaves its callback", found[0].GetMessage());
        Assert.Contains("FindAsync", found[0].GetMessage());
    }
}
