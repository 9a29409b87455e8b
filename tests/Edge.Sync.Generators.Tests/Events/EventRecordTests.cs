using Edge.Sync.Generators.Tests.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Edge.Sync.Generators.Tests.Events;

/// <summary>ES0006 and ES0005 for records of events. The marks [| and |] stand around the place that must be reported.</summary>
public class EventRecordTests
{
    private const string Head = "#pragma warning disable CS1591\nusing System;\nusing System.Collections.Generic;\nusing Edge.Sync;\n";
    private const string Good = "[EdgeEvent(\"job-event\")] public abstract partial record E { [EdgeEvent(\"opened\")] public sealed partial record Opened(string Title) : E; [EdgeEvent(\"closed\")] public sealed record Closed(int Minutes, string By) : E; }";

    [Theory]
    [InlineData(Good)]
    [InlineData("[EdgeEvent(\"ticked\")] public sealed partial record Ticked(int Number);")]
    [InlineData("namespace App; public static partial class Outer { [EdgeEvent(\"e\")] public abstract partial record @event { [EdgeEvent(\"a\")] public sealed record @class(string? @int, int? B, DayOfWeek C, decimal D, Guid E, DateTimeOffset F) : @event { public long G { get; init; } public long H => G; } } }")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E(string By) { [EdgeEvent(\"a\")] public sealed record A(string By, int N) : E(By); }")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A([property: Field(\"old name\")] int N) : E; [EdgeEvent(\"b\")] public sealed record B : E; public enum Kind { X } private sealed record Helper(int X); }")]
    [InlineData("public readonly record struct Place(int X, int? Y); [EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A(Place Place, Place? Other) : E; }")]
    public void Good_record_compiles_without_a_warning(string source)
    {
        var generated = Compiling.Generate(source.StartsWith("namespace", StringComparison.Ordinal) ? source.Replace("namespace App;", "namespace App;\n", StringComparison.Ordinal).Insert(0, Head) : Head + source);
        Assert.Empty(generated.Reported);
        Assert.Empty(generated.Compiler);
        Assert.Single(generated.Files);
    }

    [Theory]
    [InlineData("[EdgeEvent(\"e\")] public abstract record [|E|] { [EdgeEvent(\"a\")] public sealed record A(int N) : E; }", "is not partial")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial class [|E|] { }", "is no record class")]
    [InlineData("[EdgeEvent(\"e\")] public partial record [|E|](int N);", "neither abstract nor sealed")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record [|E|];", "holds no event")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record [|E|]<T> { [EdgeEvent(\"a\")] public sealed record A(int N) : E<T>; }", "generic")]
    [InlineData("[EdgeEvent(\"edge_x\")] public abstract partial record [|E|] { [EdgeEvent(\"a\")] public sealed record A(int N) : E; }", "collection name 'edge_x'")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { public sealed record [|A|](int N) : E; }", "without a name on the wire")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public record [|A|](int N) : E; }", "make it a sealed record")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A(int N) : E; [EdgeEvent(\"a\")] public sealed record [|B|](int N) : E; }", "is taken by 'A'")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A(List<string> [|N|]) : E; }", "which events do not hold")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A(DateTime [|N|]) : E; }", "which events do not hold")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record A(int N, [property: Field(\"N\")] int [|M|]) : E; }", "is taken by 'N'")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { [EdgeEvent(\"a\")] public sealed record [|A|] : E { public A(int n) { } } }", "no public constructor")]
    [InlineData("[EdgeEvent(\"e\")] public abstract partial record E { protected E() { } [EdgeEvent(\"a\")] public sealed record A(int N) : E; } [EdgeEvent(\"b\")] public sealed record [|B|](int N) : E;", "put it inside")]
    public void Bad_record_is_reported_where_it_is_wrong(string marked, string message)
    {
        var source = Head + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var problem = Assert.Single(Compiling.Generate(source).Reported);
        Assert.Equal("ES0006", problem.Id);
        Assert.Contains(message, problem.GetMessage(), StringComparison.Ordinal);
        var start = (Head + marked).IndexOf("[|", StringComparison.Ordinal);
        Assert.Equal(start, problem.Location.SourceSpan.Start);
    }

    [Fact]
    public void No_record_outside_can_derive()
    {
        var generated = Compiling.Generate(Head + Good + " public sealed record Stranger : E;");
        Assert.Contains(generated.Compiler, static d => d.Id == "CS0122");
    }

    [Theory]
    [InlineData("""{ "opened": "event", "opened.Title": "text", "closed": "event", "closed.Minutes": "integer", "closed.By": "text" }""", null)]
    [InlineData("""{ "opened": "event", "opened.Title": "integer", "closed": "event", "closed.Minutes": "integer", "closed.By": "text" }""", "'opened.Title'")]
    [InlineData("""{ "opened": "event", "opened.Title": "text", "closed": "event", "closed.Minutes": "integer", "closed.By": "text", "gone": "event" }""", "'gone'")]
    [InlineData("""{ "opened": "event", "opened.Title": "text", "closed": "event", "closed.Minutes": "integer", "closed.By": "text", "gone": "retired event" }""", null)]
    public void What_parts_versions_breaks_the_build(string lines, string? what)
    {
        var driver = CSharpGeneratorDriver.Create([new EdgeDocumentGenerator().AsSourceGenerator()], [new LockText($$"""{ "format": 1, "collections": { "job-event": {{lines}} } }""")], Compiling.ParseOptions);
        driver.RunGeneratorsAndUpdateCompilation(Compiling.Compile(Head + Good), out _, out var reported, TestContext.Current.CancellationToken);
        if (what is null) Assert.Empty(reported);
        else Assert.Contains(what, Assert.Single(reported, static d => d is { Id: "ES0005", Severity: DiagnosticSeverity.Error }).GetMessage(), StringComparison.Ordinal);
    }
}
