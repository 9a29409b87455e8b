using Edge.Sync.Generators.Callbacks;

namespace Edge.Sync.Generators.Tests.Callbacks;

/// <summary>ES0007.</summary>
public class BlockingWaitTests
{
    [Theory]
    [InlineData("await jobs.EditAsync(id, j => j.Minutes.Add([|task.Result|]));")]
    [InlineData("await jobs.EditAsync(id, j => j.Minutes.Add([|value.Result|]));")]
    [InlineData("await jobs.EditAsync(id, j => { [|task.Wait()|]; j.Done = true; });")]
    [InlineData("await jobs.EditAsync(id, j => { [|task.Wait(100)|]; });")]
    [InlineData("await jobs.EditAsync(id, j => [|Task.WaitAll(task)|]);")]
    [InlineData("await jobs.EditAsync(id, j => { if ([|Task.WaitAny(task)|] == 0) j.Done = true; });")]
    [InlineData("await jobs.EditAsync(id, j => j.Minutes.Add([|task.GetAwaiter().GetResult()|]));")]
    [InlineData("await jobs.EditAsync(id, j => j.Minutes.Add([|task.ConfigureAwait(false).GetAwaiter().GetResult()|]));")]
    [InlineData("await jobs.EditAsync(id, j => j.Minutes.Add([|value.GetAwaiter().GetResult()|]));")]
    [InlineData("await jobs.EditAsync(id, j => [|((Task)task).GetAwaiter().GetResult()|]);")]
    [InlineData("await jobs.EditAsync(id, j => [|Thread.Sleep(1)|]);")]
    [InlineData("await jobs.EditAsync(id, delegate(Job j) { [|Thread.Sleep(TimeSpan.Zero)|]; });")]
    [InlineData("using var gate = new SemaphoreSlim(1); await jobs.EditAsync(id, j => { [|gate.Wait()|]; });")]
    [InlineData("using var gate = new AutoResetEvent(true); await jobs.EditAsync(id, j => { [|gate.WaitOne()|]; });")]
    [InlineData("using var gate = new ManualResetEventSlim(); await jobs.EditAsync(id, j => [|gate.Wait()|]);")]
    [InlineData("await jobs.EditAsync(id, task, static (j, t) => j.Minutes.Add([|t.Result|]));")]
    [InlineData("await jobs.EditAsync(id, j => { [|task.Wait()|]; [|Thread.Sleep(1)|]; });")]
    public Task Wait_in_a_callback_is_reported(string statements) => Analyzing.AssertReportsAsync(new BlockingWaitAnalyzer(), "ES0007", statements);

    [Theory]
    [InlineData("await jobs.EditAsync(id, j => { j.Title = \"x\"; j.Minutes.Add(30); });")]
    [InlineData("var minutes = await task; await jobs.EditAsync(id, j => j.Minutes.Add(minutes));")]
    [InlineData("Thread.Sleep(1); task.Wait(); await jobs.EditAsync(id, task.Result, static (j, m) => j.Minutes.Add(m));")]
    [InlineData("await jobs.EditAsync(id, j => { var other = Task.Run(() => { Thread.Sleep(1); return task.Result; }); });")]
    [InlineData("new NotOurs().EditAsync(id, j => task.Wait());")]
    [InlineData("Later(() => task.Wait());")]
    public Task Other_code_is_not_reported(string statements) => Analyzing.AssertReportsAsync(new BlockingWaitAnalyzer(), "ES0007", statements);

    [Fact]
    public async Task Message_names_what_waits_and_the_way_out()
    {
        var found = await Analyzing.AssertReportsAsync(new BlockingWaitAnalyzer(), "ES0007", "await jobs.EditAsync(id, j => [|Thread.Sleep(1)|]);");
        Assert.StartsWith("'Thread.Sleep' blocks the writer", found[0].GetMessage());
        Assert.Contains("await before EditAsync", found[0].GetMessage());
    }
}
