using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>How much of the pipeline runs again: counted, since time depends on the machine. The time itself is a benchmark.</summary>
public class SpeedTests
{
    [Fact]
    public void Of_a_hundred_documents_only_the_edited_one_is_written_again()
    {
        var sources = Enumerable.Range(0, 100).Select(Source).Append("class Other { }").ToArray();
        var compilation = Compiling.Compile(sources);
        var driver = Compiling.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);

        // An edit elsewhere.
        var other = compilation.SyntaxTrees.Last();
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(other, Compiling.Parse("class Other { int x = 5; }", other.FilePath)), TestContext.Current.CancellationToken);
        Assert.Equal(0, CountNew(driver));

        // An edit of what a method of one document does.
        var first = compilation.SyntaxTrees.First();
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(first, Compiling.Parse(Source(0).Replace("\"x\"", "\"y\"", StringComparison.Ordinal), first.FilePath)), TestContext.Current.CancellationToken);
        Assert.Equal(0, CountNew(driver));

        // An edit of one document's fields.
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(first, Compiling.Parse(Source(0).Replace("Counter C", "GrowCounter C", StringComparison.Ordinal), first.FilePath)), TestContext.Current.CancellationToken);
        Assert.Equal(1, CountNew(driver));
    }

    private static string Source(int number) => $$"""
        #pragma warning disable CS1591
        using Edge.Sync;
        [EdgeDocument("d{{number}}")]
        public partial class D{{number}}
        {
            public partial string A { get; set; }
            public partial int? B { get; set; }
            public partial Counter C { get; }
            public partial ReplicatedMap<string, Counter> M { get; }
            public string Twice() => A + "x";
        }
        """;

    private static int CountNew(GeneratorDriver driver) => driver.GetRunResult().Results.Single().TrackedSteps[EdgeDocumentGenerator.ModelStep]
        .SelectMany(static step => step.Outputs).Count(static output => output.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);
}
