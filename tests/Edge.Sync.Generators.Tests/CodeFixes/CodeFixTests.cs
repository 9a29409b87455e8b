using System.Collections.Immutable;
using Edge.Sync.CodeFixes;
using Edge.Sync.Generators.Queries;
using Edge.Sync.Generators.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators.Tests.CodeFixes;

/// <summary>Each fix makes of bad code good code: the diagnostic is gone, and the compiler content.</summary>
public class CodeFixTests
{
    private const string Usings = """
        #pragma warning disable CS1591
        using System;
        using System.Linq;
        using System.Threading.Tasks;
        using Edge.Sync;

        """;

    private const string Job = """

        [EdgeDocument("job")]
        public partial class Job
        {
            public partial string Title { get; set; }
            public partial Counter Minutes { get; }
            public partial DateTimeOffset? Due { get; set; }
        }
        """;

    [Theory]
    [InlineData("""
        [EdgeDocument("job")]
        public class Job
        {
        }
        """, """
        [EdgeDocument("job")]
        public partial class Job
        {
        }
        """)]
    [InlineData("""
        // Of the depot.
        [EdgeDocument("job")]
        class Job
        {
        }
        """, """
        // Of the depot.
        [EdgeDocument("job")]
        partial class Job
        {
        }
        """)]
    [InlineData("""
        public static class Outer
        {
            [EdgeDocument("job")]
            public partial class Job { }
        }
        """, """
        public static partial class Outer
        {
            [EdgeDocument("job")]
            public partial class Job { }
        }
        """)]
    [InlineData("""
        [EdgeDocument("job")]
        public partial class Job
        {
            /// <summary>What to do.</summary>
            public string Title { get; set; }
        }
        """, """
        [EdgeDocument("job")]
        public partial class Job
        {
            /// <summary>What to do.</summary>
            public partial string Title { get; set; }
        }
        """)]
    [InlineData("""
        [EdgeDocument("job")]
        public partial class Job
        {
            public partial Counter Minutes { get; set; }
        }
        """, """
        [EdgeDocument("job")]
        public partial class Job
        {
            public partial Counter Minutes { get; }
        }
        """)]
    [InlineData("""
        [EdgeDocument("job")]
        public partial class Job
        {
            public partial ReplicatedSet<string> Parts { get; init; }
        }
        """, """
        [EdgeDocument("job")]
        public partial class Job
        {
            public partial ReplicatedSet<string> Parts { get; }
        }
        """)]
    public Task Declaration_becomes_a_document(string bad, string good) => AssertFixedAsync(new DeclarationFix(), null, bad, good);

    [Theory]
    [InlineData("jobs.EditAsync(id, job => job.Due = DateTimeOffset.UtcNow.AddDays(1))", "var utcNow = DateTimeOffset.UtcNow;", "jobs.EditAsync(id, job => job.Due = utcNow.AddDays(1))")]
    [InlineData("jobs.EditAsync(id, static job => job.Title = Guid.NewGuid().ToString())", "var newGuid = Guid.NewGuid();", "jobs.EditAsync(id, job => job.Title = newGuid.ToString())")]
    [InlineData("jobs.EditAsync(id, job => { var utcNow = 1; job.Minutes.Add(utcNow); job.Due = DateTimeOffset.UtcNow; })", "var utcNow2 = DateTimeOffset.UtcNow;", "jobs.EditAsync(id, job => { var utcNow = 1; job.Minutes.Add(utcNow); job.Due = utcNow2; })")]
    public Task Clock_is_read_before_the_edit(string bad, string local, string good) =>
        AssertFixedAsync(new LocalFix(), new ImpureCodeAnalyzer(), Method($"await {bad};"), Method($"{local}\n        await {good};"));

    [Theory]
    [InlineData("new[] { \"a\", \"b\" }.Contains(j.Title)", "var values = new[] { \"a\", \"b\" };", "values.Contains(j.Title)")]
    [InlineData("j.Title == (id == default ? \"a\" : \"b\")", "var value = id == default ? \"a\" : \"b\";", "j.Title == (value)")]
    public Task Array_is_made_before_the_query(string bad, string local, string good) =>
        AssertFixedAsync(new LocalFix(), new QueryShapeAnalyzer(), Method($"await jobs.Where(j => {bad}).ToListAsync();"), Method($"{local}\n        await jobs.Where(j => {good}).ToListAsync();"));

    [Theory]
    [InlineData("await jobs.Where(j => j.Title.ToUpper() == \"A\").ToListAsync();")]
    public async Task Nothing_is_offered_where_nothing_is_obvious(string bad) => Assert.Empty(await FindAsync(new LocalFix(), new QueryShapeAnalyzer(), DocumentOf(Method(bad))));

    [Fact]
    public async Task Clock_of_a_merge_rule_has_no_obvious_fix() => Assert.Empty(await FindAsync(new LocalFix(), new ImpureCodeAnalyzer(), DocumentOf("""
        public readonly struct Late : IMergeRule<int>
        {
            public static int Merge(ReadOnlySpan<ConcurrentValue<int>> values) => values[0].Value + DateTime.UtcNow.Hour;
        }
        """)));

    private static string Method(string statement) => $$"""
        public class App
        {
            public async Task RunAsync(DocumentSet<Job> jobs, DocumentId id)
            {
                {{statement}}
            }
        }
        """ + Job;

    private static async Task AssertFixedAsync(CodeFixProvider fix, DiagnosticAnalyzer? analyzer, string bad, string good)
    {
        var document = DocumentOf(bad);
        var action = Assert.Single(await FindAsync(fix, analyzer, document));
        var operation = Assert.IsType<ApplyChangesOperation>(Assert.Single(await action.GetOperationsAsync(Token)));
        var changed = operation.ChangedSolution.GetDocument(document.Id)!;
        Assert.Equal(Usings + good, (await changed.GetTextAsync(Token)).ToString());
        var generated = Compiling.Generate(Usings + good);
        Assert.Empty(generated.Reported);
        Assert.Empty(generated.Compiler);
        Assert.Empty(await FindAsync(fix, analyzer, changed));
    }

    private static async Task<List<CodeAction>> FindAsync(CodeFixProvider fix, DiagnosticAnalyzer? analyzer, Document document)
    {
        var text = (await document.GetTextAsync(Token)).ToString();
        var tree = (await document.GetSyntaxTreeAsync(Token))!;
        Compiling.Driver().RunGeneratorsAndUpdateCompilation(Compiling.Compile(text), out var compilation, out var reported, Token);
        var found = analyzer is null ? reported : await compilation.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync(Token);
        var actions = new List<CodeAction>();
        foreach (var diagnostic in found)
            await fix.RegisterCodeFixesAsync(new(document, InTree(diagnostic, tree), (action, _) => actions.Add(action), Token));
        return actions;
    }

    // The same place in the workspace's copy.
    private static Diagnostic InTree(Diagnostic diagnostic, SyntaxTree tree) =>
        Diagnostic.Create(diagnostic.Descriptor, Location.Create(tree, diagnostic.Location.SourceSpan), diagnostic.Properties, "");

    private static Document DocumentOf(string source)
    {
        var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp,
            parseOptions: Compiling.ParseOptions, metadataReferences: Compiling.Compile().References, compilationOptions: Compiling.Compile().Options));
        return workspace.AddDocument(project.Id, "0.cs", SourceText.From(Usings + source));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
