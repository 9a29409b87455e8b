using Edge.Sync.Generators.Callbacks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

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

    [Theory]
    [InlineData("public sealed record Close(DocumentId Id, Task<int> Minutes) : IEdgeCommand { public void Execute(CommandContext change) => change.Document<Job>(Id).Minutes.Add(Minutes.Result); }", 1)]
    [InlineData("public sealed record Close(DocumentId Id, int Minutes) : IEdgeCommand { public void Execute(CommandContext change) => change.Document<Job>(Id).Minutes.Add(Minutes); public int Wait(Task<int> task) => task.Result; }", 0)]
    public async Task Command_is_looked_at(string command, int count)
    {
        var cancellation = TestContext.Current.CancellationToken;
        Compiling.Driver().RunGeneratorsAndUpdateCompilation(
            Compiling.Compile($"#pragma warning disable CS1591\nusing System.Threading.Tasks;\nusing Edge.Sync;\n[EdgeDocument(\"job\")] public partial class Job {{ public partial Counter Minutes {{ get; }} }}\n{command}"), out var compilation, out _, cancellation);
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(static d => d.Severity == DiagnosticSeverity.Error));
        var found = await compilation.WithAnalyzers([new BlockingWaitAnalyzer()], new AnalyzerOptions([])).GetAnalyzerDiagnosticsAsync(cancellation);
        Assert.Equal(count, found.Length);
        Assert.All(found, static d => Assert.Equal("ES0007", d.Id));
    }
}
