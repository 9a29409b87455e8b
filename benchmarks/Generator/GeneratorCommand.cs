using Edge.Sync.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Edge.Sync.Benchmarks.Generator;

/// <summary>What the generator costs a build, and a keystroke in an editor, in a project of a hundred documents. Beside it, what the compiler takes to check the same project.</summary>
internal static class GeneratorCommand
{
    private const int Documents = 100, Rounds = 31;

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.CSharp14);

    public static int Run()
    {
        var trees = Enumerable.Range(0, Documents).Select(i => Parse(Source(i, "Counter"), $"{i}.cs")).ToArray();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => MetadataReference.CreateFromFile(path)).ToArray();
        var project = CSharpCompilation.Create("App", trees, references, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var (whole, elsewhere, field, check) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // A compilation of its own: what one has found out of its symbols is not found out again.
            var compilation = project.AddSyntaxTrees(Parse($"class Other {{ int x = {round}; }}", "other.cs"));
            GeneratorDriver driver = CSharpGeneratorDriver.Create([new EdgeDocumentGenerator().AsSourceGenerator()], parseOptions: s_options);
            Compilation generated = compilation;
            whole.Add(Timing.TimeAlone(() => driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out generated, out _)));
            if (generated.SyntaxTrees.Count() <= Documents + 1) throw new InvalidOperationException("The generator wrote nothing.");
            check.Add(Timing.TimeAlone(() =>
            {
                if (generated.GetDiagnostics().FirstOrDefault(static d => d.Severity == DiagnosticSeverity.Error) is { } error) throw new InvalidOperationException(error.ToString());
            }));
            var other = compilation.SyntaxTrees[^1];
            var edited = compilation.ReplaceSyntaxTree(other, Parse($"class Other {{ int y = {round}; }}", other.FilePath));
            elsewhere.Add(Timing.TimeAlone(() => driver = driver.RunGenerators(edited)));
            var changed = edited.ReplaceSyntaxTree(edited.SyntaxTrees[0], Parse(Source(0, "GrowCounter"), edited.SyntaxTrees[0].FilePath));
            field.Add(Timing.TimeAlone(() => driver = driver.RunGenerators(changed)));
        }
        Console.WriteLine($"{Documents} documents of 8 fields; medians of {Rounds - 1} rounds behind the first, with the least and the greatest");
        Show("the compiler checks the project with what was generated", check);
        Show("the generator, all documents", whole);
        Show("… after an edit elsewhere", elsewhere);
        Show("… after an edit of one document's fields", field);
        return 0;
    }

    private static void Show(string what, List<double> times)
    {
        var settled = times.Skip(1).Order().ToArray();
        Console.WriteLine($"{what}: {settled[settled.Length / 2]:F1} ms ({settled[0]:F1} .. {settled[^1]:F1}); the first {times[0]:F0} ms");
    }

    private static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, s_options, path);

    private static string Source(int number, string counter) => $$"""
        using Edge.Sync;
        [EdgeDocument("d{{number}}")]
        public partial class D{{number}}
        {
            public required partial string Title { get; set; }
            public partial int? Rank { get; set; }
            public partial bool Done { get; set; }
            public partial System.DateTimeOffset Due { get; set; }
            public partial {{counter}} Minutes { get; }
            public partial ReplicatedSet<string> Parts { get; }
            public partial ReplicatedText Notes { get; }
            public partial ReplicatedMap<string, Counter> Stock { get; }
            public string Twice() => Title + Title;
        }
        """;
}
