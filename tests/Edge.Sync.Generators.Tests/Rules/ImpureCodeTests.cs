using Edge.Sync.Generators.Rules;
using Edge.Sync.Generators.Tests.Callbacks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Edge.Sync.Generators.Tests.Rules;

/// <summary>ES0004.</summary>
public class ImpureCodeTests
{
    [Theory]
    [InlineData("return DateTime.UtcNow.Ticks > 0 ? values[0].Value : values[1].Value;", "DateTime.UtcNow")]
    [InlineData("return values[Random.Shared.Next(values.Length)].Value;", "Random.Shared")]
    [InlineData("return values[new Random().Next(values.Length)].Value;", "new Random")]
    [InlineData("return Guid.NewGuid() == default ? 1 : 2;", "Guid.NewGuid")]
    [InlineData("return System.IO.File.Exists(\"x\") ? 1 : 2;", "File.Exists")]
    [InlineData("return Environment.TickCount;", "Environment.TickCount")]
    [InlineData("return (int)TimeProvider.System.GetUtcNow().Ticks;", "TimeProvider.System")]
    public async Task Clock_randomness_and_files_in_a_rule_are_errors(string body, string member)
    {
        var found = await FindAsync($"public readonly struct Rule : IMergeRule<int> {{ public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) {{ {body} }} }}");
        Assert.Contains(found, d => d.Id == "ES0004" && d.Severity == DiagnosticSeverity.Error && d.GetMessage().Contains($"'{member}'", StringComparison.Ordinal) && d.GetMessage().Contains("a merge rule", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("var best = values[0].Value; foreach (var v in values) if (v.Value > best) best = v.Value; return best;")]
    [InlineData("return values[new Random(7).Next(values.Length)].Value;")]
    [InlineData("return values[^1].Time > new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) ? 1 : 2;")]
    public async Task Pure_rule_is_not_reported(string body) =>
        Assert.Empty(await FindAsync($"public readonly struct Rule : IMergeRule<int> {{ public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) {{ {body} }} }}"));

    [Fact]
    public async Task Lattice_is_looked_at_and_what_it_has_beside_its_contract_is_not()
    {
        var found = await FindAsync("""
            public readonly record struct Seen(long At) : ILattice<Seen>
            {
                public static Seen Bottom => new(DateTime.UtcNow.Ticks);
                public static Seen Join(Seen a, Seen b) => a.At > b.At ? a : b;
                public static void Write(System.Buffers.IBufferWriter<byte> output, Seen value) { }
                public static Seen Read(ReadOnlySpan<byte> bytes) => default;
                public static Seen Now() => new(DateTime.UtcNow.Ticks);
            }
            """);
        Assert.Contains("a lattice", Assert.Single(found).GetMessage());
    }

    [Theory]
    [InlineData("jobs.EditAsync(id, j => j.Done = DateTime.UtcNow.Ticks > 0);", 1)]
    [InlineData("var now = DateTime.UtcNow; jobs.EditAsync(id, j => j.Done = now.Ticks > 0);", 0)]
    [InlineData("jobs.EditAsync(id, j => j.Title = System.IO.File.ReadAllText(\"x\"));", 1)]
    [InlineData("System.IO.File.Delete(\"x\");", 0)]
    public async Task Edit_callback_gets_a_warning(string statement, int count)
    {
        var found = await FindAsync($"public static class App {{ public static void Run(DocumentSet<Job> jobs, DocumentId id) {{ {statement} }} }}");
        Assert.Equal(count, found.Length);
        Assert.All(found, static d => Assert.Equal(("ES0004", DiagnosticSeverity.Warning), (d.Id, d.Severity)));
    }

    [Fact]
    public async Task Command_gets_a_warning()
    {
        var found = await FindAsync("public sealed record Close(DocumentId Id, DateTimeOffset At) : IEdgeCommand { public void Execute(CommandContext change) => change.Document<Job>(Id).Done = DateTimeOffset.UtcNow > At; }");
        var warning = Assert.Single(found);
        Assert.Equal(("ES0004", DiagnosticSeverity.Warning), (warning.Id, warning.Severity));
        Assert.Contains("when the command is made", warning.GetMessage(), StringComparison.Ordinal);
    }

    private static async Task<Diagnostic[]> FindAsync(string source)
    {
        var cancellation = TestContext.Current.CancellationToken;
        Compiling.Driver().RunGeneratorsAndUpdateCompilation(
            Compiling.Compile($"#pragma warning disable CS1591, CS4014\nusing System;\nusing Edge.Sync;\n[EdgeDocument(\"job\")] public partial class Job {{ public partial string Title {{ get; set; }} public partial bool Done {{ get; set; }} }}\n{source}"),
            out var compilation, out _, cancellation);
        Assert.Empty(compilation.GetDiagnostics(cancellation).Where(d => d.Severity == DiagnosticSeverity.Error));
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        return [.. await compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default)).WithAnalyzers([new ImpureCodeAnalyzer()], options).GetAnalyzerDiagnosticsAsync(cancellation)];
    }
}
