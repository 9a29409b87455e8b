using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators.Tests;

/// <summary>Compiles text as an app would be: nullable, documented, every warning an error.</summary>
internal static class Compiling
{
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static ImmutableArray<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "Edge.Sync.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compile(params ReadOnlySpan<string> sources)
    {
        var trees = new List<SyntaxTree>();
        foreach (var source in sources)
            trees.Add(Parse(source, $"{trees.Count}.cs"));
        return CSharpCompilation.Create("App", trees, References, new(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, generalDiagnosticOption: ReportDiagnostic.Error,
            allowUnsafe: true));
    }

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(SourceText.From(source), ParseOptions, path);

    public static Generated Generate(params ReadOnlySpan<string> sources) => Generate(Driver(), sources);

    public static Generated Generate(GeneratorDriver from, params ReadOnlySpan<string> sources)
    {
        var driver = from.RunGeneratorsAndUpdateCompilation(
            Compile(sources), out var compilation, out var reported, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return new(
            [.. result.GeneratedSources.Select(source => (source.HintName, source.SourceText.ToString()))], reported,
            [.. compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(d => d.Severity != DiagnosticSeverity.Hidden)]);
    }

    public static GeneratorDriver Driver() => Driver(new EdgeDocumentGenerator());

    public static GeneratorDriver SeriesDriver() => Driver(new EdgeSeriesGenerator());

    private static CSharpGeneratorDriver Driver(IIncrementalGenerator generator) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()], parseOptions: ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}

/// <summary>What the generator made of a compilation.</summary>
/// <param name="Files">Names and texts.</param>
/// <param name="Reported">By the generator.</param>
/// <param name="Compiler">What the compiler says of the app's and the generated text together.</param>
internal sealed record Generated(ImmutableArray<(string Name, string Text)> Files, ImmutableArray<Diagnostic> Reported, ImmutableArray<Diagnostic> Compiler);
