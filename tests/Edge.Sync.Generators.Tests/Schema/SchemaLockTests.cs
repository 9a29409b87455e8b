using Edge.Sync.Generators.Schema;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Edge.Sync.Generators.Tests.Schema;

/// <summary>ES0005: classes against edge-sync.schema.json.</summary>
public class SchemaLockTests
{
    private const string Class = """
        #pragma warning disable CS1591
        using Edge.Sync;
        [EdgeDocument("job")]
        public partial class Job
        {
            public partial string Title { get; set; }
            public partial int Level { get; set; }
            public partial Counter Minutes { get; }
            public partial ReplicatedMap<string, Counter> Stock { get; }
            [LocalOnly] public partial bool Pinned { get; set; }
        }
        """;

    private const string Lock = """{ "format": 1, "collections": { "job": { "Level": "register integer", "Minutes": "counter", "Stock": "map text", "Stock{}": "counter", "Title": "register text" } } }""";

    [Fact]
    public void Class_as_it_is_locked_is_fine() => Assert.Empty(Check(Class, Lock));

    [Fact]
    public void There_is_nothing_to_say_without_a_lock_file() => Assert.Empty(Check(Class, null));

    [Theory]
    [InlineData("partial int Level", "partial long Level")]
    [InlineData("partial int Level", "partial System.DayOfWeek Level")]
    [InlineData("partial int Level { get; set; }", "partial Register<byte> Level { get; }")]
    [InlineData("public partial string Title", "[Field(\"Title\")] public partial string Name")]
    [InlineData("partial string Title", "partial string? Title")]
    [InlineData("public partial int Level", "[Indexed] public partial int Level")]
    public void What_is_the_same_on_the_wire_is_fine(string before, string after) => Assert.Empty(Check(Class.Replace(before, after, StringComparison.Ordinal), Lock));

    [Theory]
    [InlineData("public partial string Title { get; set; }", "", "'Title'", "is gone")]
    [InlineData("partial string Title", "partial string Name", "'Title'", "[Field(\"Title\")]")]
    [InlineData("partial string Title", "partial int Title", "'Title'", "was 'register text' on the wire and is 'register integer'")]
    [InlineData("Counter Minutes", "GrowCounter Minutes", "'Minutes'", "'grow-counter'")]
    [InlineData("ReplicatedMap<string, Counter>", "ReplicatedMap<string, ReplicatedText>", "'Stock{}'", "'text'")]
    [InlineData("public partial string Title", "[LocalOnly] public partial string Title", "'Title'", "is gone")]
    [InlineData("EdgeDocument(\"job\")", "EdgeDocument(\"work\")", "'job'", "No class has collection")]
    public void What_parts_versions_breaks_the_build(string before, string after, string what, string why)
    {
        var found = Check(Class.Replace(before, after, StringComparison.Ordinal), Lock);
        Assert.Contains(found, d => d.Id == "ES0005" && d.Severity == DiagnosticSeverity.Error && d.GetMessage().Contains(what, StringComparison.Ordinal) && d.GetMessage().Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_new_is_a_warning_that_says_how_to_keep_it()
    {
        var found = Assert.Single(Check(Class.Replace("public partial int Level", "public partial bool Done { get; set; } public partial int Level", StringComparison.Ordinal), Lock));
        Assert.Equal(("ES0005", DiagnosticSeverity.Warning), (found.Id, found.Severity));
        Assert.Contains("'Done'", found.GetMessage());
        Assert.Contains("edge-sync schema", found.GetMessage());
    }

    [Fact]
    public void Objects_of_the_library_are_locked_with_what_lies_in_them()
    {
        const string Parts = "[EdgeObject] public partial class Target { public partial double Force { get; set; } } [EdgeObject] public partial class Reading { public partial bool On { get; set; } }";
        var changed = Class.Replace("public partial int Level", "public partial Twin<Target, Reading> Twin { get; } public partial int Level", StringComparison.Ordinal) + Parts;
        var locked = Lock.Replace("\"Title\"", """
            "Twin": "object", "Twin.Desired": "object", "Twin.Desired.Force": "register real", "Twin.Reported": "object", "Twin.Reported.On": "register boolean",
            "Twin.DesiredVersion": "grow-counter", "Twin.AppliedVersion": "max-register integer", "Title"
            """, StringComparison.Ordinal);
        Assert.Empty(Check(changed, locked));
        var other = Assert.Single(Check(changed.Replace("double Force", "int Force", StringComparison.Ordinal), locked));
        Assert.Contains("'Twin.Desired.Force'", other.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lens_keeps_the_old_field()
    {
        const string Lens = "public sealed class Words : ILens<int, string> { public static string Up(int value) => \"\"; public static int Down(string value) => 0; }";
        var changed = Class.Replace("public partial int Level { get; set; }", "[Lens<Words>(\"Level\")] public partial string Grade { get; set; }", StringComparison.Ordinal) + Lens;
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(Check(changed, Lock)).Severity);
    }

    [Fact]
    public void Retired_field_may_be_gone_or_come_back_as_it_was_and_not_as_another()
    {
        var locked = Lock.Replace("\"Title\": \"register text\"", "\"Title\": \"register text\", \"Old\": \"retired set text\"", StringComparison.Ordinal);
        Assert.Empty(Check(Class, locked));
        Assert.Empty(Check(Class.Replace("public partial int Level", "public partial ReplicatedSet<string> Old { get; } public partial int Level", StringComparison.Ordinal), locked));
        Assert.Contains("retired", Assert.Single(Check(Class.Replace("public partial int Level", "public partial int Old { get; set; } public partial int Level", StringComparison.Ordinal), locked)).GetMessage());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ \"format\": 1, \"collections\": { \"job\": [] } }")]
    [InlineData("{ \"format\": 2 }")]
    [InlineData("{ \"other\": 1 }")]
    public void Lock_file_that_cannot_be_read_is_told(string text) => Assert.Contains("cannot be read", Assert.Single(Check(Class, text)).GetMessage());

    [Fact]
    public void Names_with_quotes_and_emoji_are_read_as_they_were_written()
    {
        var file = LockFile.Parse("""{ "format": 1, "collections": { "job": { "it's \"long\" \u00e9 \ud83d\udea2": "counter" } } }""");
        Assert.Equal("counter", file.Collections["job"]["it's \"long\" é \U0001F6A2"]);
    }

    private static Diagnostic[] Check(string source, string? locked)
    {
        AdditionalText[] files = locked is null ? [] : [new LockText(locked)];
        var driver = CSharpGeneratorDriver.Create([new EdgeDocumentGenerator().AsSourceGenerator()], files, Compiling.ParseOptions);
        driver.RunGeneratorsAndUpdateCompilation(Compile(source), out var compilation, out var reported, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        return [.. reported];
    }

    // Here a warning stays one.
    private static CSharpCompilation Compile(string source)
    {
        var compilation = Compiling.Compile(source);
        return compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
    }
}
