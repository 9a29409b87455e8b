using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>While a developer types, only what changes the meaning of a document makes the generator write it again.</summary>
public class IncrementalityTests
{
    private const string Job = "using Edge.Sync;\n[EdgeDocument(\"job\")] public partial class Job { public partial string Title { get; set; } }";

    [Fact]
    public void Edit_of_another_file_writes_nothing_again()
    {
        var (reading, output) = ReasonsAfter("class Other;", "class Other { int _field; }", edited: 1);
        Assert.Equal(IncrementalStepRunReason.Unchanged, reading);
        Assert.Equal(IncrementalStepRunReason.Cached, output);
    }

    [Fact]
    public void Edit_around_the_document_writes_nothing_again()
    {
        var (reading, output) = ReasonsAfter(Job, "// A comment moves every line.\n" + Job + "\nclass Other;", edited: 0);
        Assert.Equal(IncrementalStepRunReason.Unchanged, reading);
        Assert.Equal(IncrementalStepRunReason.Cached, output);
    }

    [Theory]
    [InlineData("{ public", "{ public partial bool Done { get; set; } public")]
    [InlineData("Title", "Name")]
    [InlineData("string", "int")]
    [InlineData("set;", "private set;")]
    [InlineData("\"job\"", "\"task\"")]
    public void Change_of_meaning_writes_the_document_again(string before, string after)
    {
        var (reading, output) = ReasonsAfter(Job, Job.Replace(before, after, StringComparison.Ordinal), edited: 0);
        Assert.Equal(IncrementalStepRunReason.Modified, reading);
        Assert.Equal(IncrementalStepRunReason.Modified, output);
    }

    [Fact]
    public void Edit_of_a_broken_document_reports_its_new_place()
    {
        var broken = Job.Replace("string", "object", StringComparison.Ordinal);
        var compilation = Compiling.Compile(broken);
        var driver = Compiling.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var moved = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[0], Compiling.Parse("\n\n" + broken, "0.cs"));
        driver = driver.RunGenerators(moved, TestContext.Current.CancellationToken);
        var diagnostic = Assert.Single(driver.GetRunResult().Diagnostics);
        Assert.Equal(3, diagnostic.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void Pipeline_keeps_no_symbols_and_no_syntax()
    {
        var broken = Job.Replace("string", "object", StringComparison.Ordinal).Replace("Job", "Broken", StringComparison.Ordinal);
        var result = Compiling.Driver().RunGenerators(Compiling.Compile(Job, broken), TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        var values = new[] { EdgeDocumentGenerator.ReadingStep, EdgeDocumentGenerator.ModelStep }
            .SelectMany(step => result.TrackedSteps[step]).SelectMany(step => step.Outputs).Select(output => output.Value).ToList();
        Assert.Equal(4, values.Count);
        foreach (var value in values)
            AssertPlain(value, []);
    }

    private static (IncrementalStepRunReason Reading, IncrementalStepRunReason Output) ReasonsAfter(string before, string after, int edited)
    {
        var compilation = edited == 0 ? Compiling.Compile(before) : Compiling.Compile(Job, before);
        var driver = Compiling.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        compilation = compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[edited], Compiling.Parse(after, $"{edited}.cs"));
        var result = driver.RunGenerators(compilation, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        var reading = Assert.Single(result.TrackedSteps[EdgeDocumentGenerator.ReadingStep]);
        var model = Assert.Single(result.TrackedSteps[EdgeDocumentGenerator.ModelStep]);
        var source = Assert.Single(result.TrackedOutputSteps["SourceOutput"], step => step.Outputs.Length == 1 && step.Inputs[0].Source == model);
        return (Assert.Single(reading.Outputs).Reason, Assert.Single(source.Outputs).Reason);
    }

    // Everything that a value refers to, but for what the framework hides in its own types.
    private static void AssertPlain(object? value, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Compilation or Location or SyntaxReference, $"The pipeline keeps a {value.GetType()}.");
        if (value is Array array)
            foreach (var item in array)
                AssertPlain(item, seen);
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            AssertPlain(field.GetValue(value), seen);
    }
}
