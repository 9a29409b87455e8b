using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Callbacks;

/// <summary>An async lambda would be <c>async void</c> to a callback: what follows its first await would come after the commit, and its exception would end the process.</summary>
public class AsyncCallbackTests
{
    [Theory]
    [InlineData("db.Documents<D>().EditAsync(id, async d => { await Task.Yield(); d.A = 1; })")]
    [InlineData("db.EditAsync(async change => { await Task.Yield(); change.Document<D>(id).A = 1; })")]
    [InlineData("db.Documents(\"d\").EditAsync(id, async d => { await Task.Yield(); d[\"A\"] = 1; })")]
    [InlineData("db.Documents<D>().EditAsync(id, async d => { await Task.Yield(); d.A = 1; }, token)")]
    [InlineData("db.Documents<D>().EditAsync(id, 1, async (d, a) => { await Task.Yield(); d.A = a; })")]
    [InlineData("db.Documents<D>().EditAsync(id, 1, static async (d, a) => { await Task.Yield(); d.A = a; }, cancellationToken: token)")]
    [InlineData("db.EditAsync(async change => { await Task.Yield(); change.Document<D>(id).A = 1; }, token)")]
    [InlineData("db.EditAsync(async change => { await Task.Yield(); change.Document<D>(id).A = 1; }, new EditOptions(), token)")]
    [InlineData("db.Documents(\"d\").EditAsync(id, async d => { await Task.Yield(); d[\"A\"] = 1; }, new EditOptions(), token)")]
    [InlineData("Task.Run(() => db.Documents<D>().EditAsync(id, d => d.Twin.Ask(async t => { await Task.Yield(); t.Force = 1; })))")]
    [InlineData("Task.Run(() => db.Documents<D>().EditAsync(id, d => d.Twin.Report(1, async t => { await Task.Yield(); t.Force = 1; })))")]
    public void Async_callback_is_a_build_error_that_names_the_cure(string call)
    {
        var error = Assert.Single(Generate(call).Compiler, static d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal("CS0619", error.Id);
        Assert.Contains("await first, then edit", error.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.Documents<D>().EditAsync(id, d => d.A = 1)")]
    [InlineData("db.Documents<D>().EditAsync(id, d => { d.A = 1; })")]
    [InlineData("db.EditAsync(change => change.Document<D>(id).A = 1)")]
    [InlineData("db.EditAsync(change => change.Delete<D>(id))")]
    [InlineData("db.Documents(\"d\").EditAsync(id, d => d[\"A\"] = 1)")]
    [InlineData("db.Documents<D>().EditAsync(id, d => d.A = 1, token)")]
    [InlineData("db.Documents<D>().EditAsync(id, 1, static (d, a) => d.A = a, token)")]
    [InlineData("db.EditAsync(change => change.Document<D>(id).A = 1, new EditOptions(), token)")]
    [InlineData("db.Documents(\"d\").EditAsync(id, d => d[\"A\"] = 1, new EditOptions(), token)")]
    [InlineData("db.Documents<D>().EditAsync(id, d => { d.Twin.Ask(t => t.Force = 1); d.Twin.Report(1, t => t.Force = 1); })")]
    public void Synchronous_callback_is_taken(string call) => Assert.DoesNotContain(Generate(call).Compiler, static d => d.Severity == DiagnosticSeverity.Error);

    private static Generated Generate(string call) => Compiling.Generate($$"""
        #pragma warning disable CS1591
        using System.Threading;
        using System.Threading.Tasks;
        using Edge.Sync;
        [EdgeDocument("d")] public partial class D { public partial int A { get; set; } public partial Twin<F, F> Twin { get; } }
        [EdgeObject] public partial class F { public partial double Force { get; set; } }
        public static class App { public static Task RunAsync(EdgeDatabase db, DocumentId id, CancellationToken token) => {{call}}; }
        """);
}
