using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Series;

public class SeriesTests
{
    private const string Head = "#pragma warning disable CS1591\nusing System;\nusing Edge.Sync;\n";

    [Theory]
    [InlineData("[EdgeSeries(\"reading\")] public readonly partial record struct Reading(string Press, DateTimeOffset At, float Vibration, float Temperature);")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, bool A, byte B, short C, int D, long E, double F, DayOfWeek G) { public float H { get; init; } public double Twice => F * 2; }")]
    [InlineData("public static partial class Outer { [EdgeSeries(\"r\")] internal readonly partial record struct @event(int @class, DateTimeOffset at, string @string); }")]
    [InlineData("namespace @record.A { [EdgeSeries(\"r\")] public readonly partial record struct R { public DateTimeOffset At { get; init; } public long Value { get; init; } } }")]
    public void Good_struct_compiles_without_a_warning(string source)
    {
        var generated = Generate(Head + source);
        Assert.Empty(generated.Reported);
        Assert.Empty(generated.Compiler);
        Assert.Single(generated.Files);
        Assert.DoesNotContain(generated.Files[0].Text.Split('\n'), static line => line.Length > 0 && char.IsWhiteSpace(line[^1]));
    }

    [Theory]
    [InlineData("[EdgeSeries(\"r\")] public partial record struct [|R|](DateTimeOffset At, int A);", "readonly partial record struct")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial struct [|R|] { public DateTimeOffset At { get; init; } public int A { get; init; } }", "readonly partial record struct")]
    [InlineData("[EdgeSeries(\"r\")] public readonly record struct [|R|](DateTimeOffset At, int A);", "write 'partial'")]
    [InlineData("public class [|Outer|] { [EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, int A); }", "write 'partial'")]
    [InlineData("[EdgeSeries(\"r\")] file readonly partial record struct [|R|](DateTimeOffset At, int A);", "remove 'file'")]
    [InlineData("public partial class [|Outer|]<T> { [EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, int A); }", "remove the type parameters")]
    [InlineData("[EdgeSeries(\"edge_r\")] public readonly partial record struct [|R|](DateTimeOffset At, int A);", "is not allowed")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct [|R|](string Key, int A);", "exactly one DateTimeOffset")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct [|R|](DateTimeOffset At, DateTimeOffset Too, int A);", "exactly one DateTimeOffset")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct [|R|](DateTimeOffset At, string A, string B, int C);", "more than one string")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct [|R|](DateTimeOffset At, string A);", "has 0 values")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, decimal [|A|]);", "cannot be a value of a series")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, float? [|A|]);", "NaN for what was not measured")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, int A, string? [|B|]);", "cannot be a value of a series")]
    [InlineData("[EdgeSeries(\"r\")] public readonly partial record struct [|R|](DateTimeOffset At, object A);", "has a member that cannot be kept")]
    public void Bad_struct_is_reported_where_it_is_bad(string marked, string says)
    {
        var start = marked.IndexOf("[|", StringComparison.Ordinal);
        var source = Head + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var generated = Generate(source);
        var problem = Assert.Single(generated.Reported);
        Assert.Equal(("ES0006", DiagnosticSeverity.Error), (problem.Id, problem.Severity));
        Assert.Contains(says, problem.GetMessage(), StringComparison.Ordinal);
        Assert.Equal(Head.Length + start, problem.Location.SourceSpan.Start);
        Assert.Empty(generated.Files);
    }

    [Fact]
    public void Model_is_equal_after_an_edit_elsewhere()
    {
        const string Source = Head + "[EdgeSeries(\"r\")] public readonly partial record struct R(DateTimeOffset At, int A);";
        var compilation = Compiling.Compile(Source);
        var driver = Compiling.SeriesDriver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var edited = compilation.AddSyntaxTrees(Compiling.Parse("// an edit", "more.cs"));
        var result = driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
        Assert.All(result.TrackedSteps[EdgeSeriesGenerator.ModelStep].SelectMany(static step => step.Outputs), static output => Assert.Contains(output.Reason, (IncrementalStepRunReason[])[IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged]));
    }

    private static Generated Generate(string source) => Compiling.Generate(Compiling.SeriesDriver(), source);
}
