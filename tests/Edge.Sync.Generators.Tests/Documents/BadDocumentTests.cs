using Edge.Sync.Documents;
using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>ES0006. The marks [| and |] stand around the place that must be reported.</summary>
public class BadDocumentTests
{
    private const string Head = "#pragma warning disable CS1591\nusing System;\nusing System.Collections.Generic;\nusing Edge.Sync;\n";

    public static TheoryData<string, string> Fields => new()
    {
        { "public string [|A|] { get; set; }", "write 'partial' before its type" },
        { "public string [|A|] { get; } = \"\";", "neither saved nor synced" },
        { "public Counter [|A|] => default;", "is not partial, so it is no field" },
        { "[Field(\"a\")] public int [|A|] => 1;", "is not partial, so it is no field" },
        { "public partial Counter [|A|] { get; set; }", "changed by its methods and never replaced" },
        { "public partial ReplicatedText [|A|] { get; init; }", "changed by its methods and never replaced" },
        { "public partial ReplicatedSet<int> [|A|] { get; private set; }", "changed by its methods and never replaced" },
        { "public partial ReplicatedText? [|A|] { get; }", "never null; remove the '?'" },
        { "public partial string [|A|] { get; }", "has no setter" },
        { "public partial int? [|A|] { get; }", "has no setter" },
        { "public partial string [|A|] { set; }", "has no getter" },
        { "public static partial string [|A|] { get; set; }", "remove 'static'" },
        { "public partial DateTime [|A|] { get; set; }", "use DateTimeOffset" },
        { "public partial DateTime? [|A|] { get; set; }", "use DateTimeOffset" },
        { "public partial object [|A|] { get; set; }", "has type 'object', which cannot be stored" },
        { "public partial uint [|A|] { get; set; }", "cannot be stored" },
        { "public partial char [|A|] { get; set; }", "cannot be stored" },
        { "public partial TimeSpan? [|A|] { get; set; }", "has type 'TimeSpan?', which cannot be stored" },
        { "public partial List<string> [|A|] { get; set; }", "cannot be stored" },
        { "public partial Counter? [|A|] { get; }", "cannot be stored" },
        { "public partial ReplicatedSet<object> [|A|] { get; }", "cannot be stored" },
        { "public partial ReplicatedSet<string?> [|A|] { get; }", "cannot be stored" },
        { "public partial ReplicatedSet<int?> [|A|] { get; }", "cannot be stored" },
        { "[Searchable] public partial int [|A|] { get; set; }", "is no text" },
        { "[Searchable] public partial ReplicatedSet<string> [|A|] { get; }", "is no text" },
        { "[Searchable] public partial Register<int> [|A|] { get; }", "is no text" },
        { "[Searchable] public partial string [|Rank|] { get; set; }", "taken in full-text indexes" },
        { "[Searchable, Field(\"rowid\")] public partial string [|A|] { get; set; }", "taken in full-text indexes" },
        { "[Indexed] public partial ReplicatedSet<int> [|A|] { get; }", "fields of one value" },
        { "[Indexed] public partial ReplicatedText [|A|] { get; }", "fields of one value" },
        { "[UniqueClaim] public partial int [|A|] { get; set; }", "is no string" },
        { "[UniqueClaim] public partial ReplicatedText [|A|] { get; }", "is no string" },
        { "[UniqueClaim] public partial Register<string> [|A|] { get; }", "is no string" },
        { "[UniqueClaim, LocalOnly] public partial string [|A|] { get; set; }", "remove [UniqueClaim] or [LocalOnly]" },
        { "public sealed class L : ILens<int, string> { public static string Up(int v) => \"\"; public static int Down(string v) => 0; } [UniqueClaim, Lens<L>(\"Old\")] public partial string [|A|] { get; set; }", "remove [UniqueClaim] or the lens" },
        { "public partial Register<string> [|A|] { get; set; }", "changed by its methods and never replaced" },
        { "public partial EnableWinsFlag? [|A|] { get; }", "never null; remove the '?'" },
        { "public partial Register<int?> [|A|] { get; }", "remove the '?' inside" },
        { "public partial GrowSet<TimeSpan> [|A|] { get; }", "it holds string, bool" },
        { "public partial MaxRegister<decimal> [|A|] { get; }", "it holds string, byte" },
        { "public partial MinRegister<bool> [|A|] { get; }", "it holds string, byte" },
        { "public enum Wide : ulong { X } public partial MaxRegister<Wide> [|A|] { get; }", "not of ulong" },
        { "public partial ReplicatedMap<double, int> [|A|] { get; }", "its keys are string, bool" },
        { "public partial ReplicatedMap<string, object> [|A|] { get; }", "under its keys lie string, bool" },
        { "public partial ReplicatedMap<string, ReplicatedSet<TimeSpan>> [|A|] { get; }", "it holds string, bool" },
        { "public partial ReplicatedMap<string, string?> [|A|] { get; }", "remove the '?' inside" },
        { "public partial ReplicatedMap<string, ReplicatedMap<decimal, int>> [|A|] { get; }", "its keys are string, bool" },
        { "public partial ReplicatedMap<string, int> [|A|] { get; set; }", "changed by its methods and never replaced" },
        { "public partial ReplicatedTree<Counter> [|A|] { get; }", "it holds string, bool" },
        { "public class Plain; public partial Plain [|A|] { get; }", "or a class with [EdgeObject]" },
        { "public partial ref string [|A|] { get; }", "cannot be stored" },
        { "public partial int [|this|][int index] { get; set; }", "An indexer cannot be a field" },
        { "public partial string [|A|] { get; set; } = string.Empty;", "is not a constant" },
        { "public partial string [|A|] { get; set; } = null!;", "is not a constant" },
        { "public partial int [|A|] { get; set; } = Environment.TickCount;", "is not a constant" },
        { "public partial Guid [|A|] { get; set; } = Guid.Empty;", "is not a constant" },
        { "public partial int? [|A|] { get; set; } = 3;", "remove the initializer or the '?'" },
        { "public partial string? [|A|] { get; set; } = \"x\";", "remove the initializer or the '?'" },
        { "public partial Counter [|A|] { get; } = default;", "starts empty; remove the initializer" },
        { "[Field(\"Id\")] public partial string [|A|] { get; set; }", "the document's own id" },
        { "public partial string [|ID|] { get; set; }", "the document's own id" },
        { "[Field(\"\")] public partial string [|A|] { get; set; }", "The field name '' is not allowed" },
        { "[Field(\"a\\\"b\")] public partial string [|A|] { get; set; }", "is not allowed" },
        { "[Field(\"\\U0001F6A2\")] public partial string [|A|] { get; set; }", "without double quotes, control characters and emoji" },
        { "[Field(\"a\\nb\")] public partial string [|A|] { get; set; }", "is not allowed" },
        { "[Field(\"" + new string('x', 65) + "\")] public partial string [|A|] { get; set; }", "use 1 to 64 characters" },
        { "public partial int Title { get; set; } public partial int [|title|] { get; set; }", "is taken by property 'Title'" },
        { "public partial int A { get; set; } [Field(\"A\")] public partial int [|B|] { get; set; }", "is taken by property 'A'" },
        { "public partial int RankTotal { get; set; } public partial Counter [|TotalOpenKind|] { get; }", "the same 32-bit id on the wire as that of property 'RankTotal'" },
    };

    public static TheoryData<string, string> Classes => new()
    {
        { "[EdgeDocument(\"d\")] public class [|D|] { }", "Class 'D' is not partial" },
        { "[EdgeDocument(\"d\")] public partial class [|D|]<T> { }", "Class 'D' is generic" },
        { "[EdgeDocument(\"d\")] public static partial class [|D|] { }", "is static" },
        { "[EdgeDocument(\"d\")] public abstract partial class [|D|] { }", "is abstract" },
        { "[EdgeDocument(\"d\")] public partial record [|D|] { }", "its copies would share one state" },
        { "[EdgeDocument(\"d\")] file partial class [|D|] { }", "remove 'file'" },
        { "public class B { } [EdgeDocument(\"d\")] public partial class [|D|] : B { }", "derives from 'B'" },
        { "public class [|Outer|] { [EdgeDocument(\"d\")] public partial class D { } }", "Type 'Outer' around document 'D' is not partial" },
        { "public partial class [|Outer|]<T> { [EdgeDocument(\"d\")] public partial class D { } }", "Type 'Outer' around document 'D' is generic" },
        { "[EdgeDocument(\"d\")] public partial class D { public partial string [|Id|] { get; set; } }", "has an Id already" },
        { "[EdgeDocument(\"d\")] public partial class D { private void [|Id|]() { } }", "has an Id already" },
        { "[EdgeDocument(\"d\")] public partial class D { public [|D|]() { } }", "gets its constructor without parameters from the generator" },
        { "[EdgeDocument(\"d\")] public partial class D { public [|D|](int a) { } }", "add ': this()'" },
        { "[EdgeDocument(\"d\")] public partial class D { public [|D|](int a) : base() { } }", "add ': this()'" },
        { "[EdgeDocument(\"d\")] public partial class [|D|](int a) { public int A() => a; }", "has a primary constructor" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Bad_field_is_the_only_thing_reported(string members, string message)
    {
        var generated = AssertReported($"[EdgeDocument(\"d\")] public partial class D {{ {members} }}", message);
        // The other half is written nevertheless, so that what uses the class compiles. An indexer alone gets none.
        Assert.DoesNotContain(generated.Compiler, d => d.Severity == DiagnosticSeverity.Error && d.Id != "CS9248");
        Assert.Single(generated.Files);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Bad_class_is_reported_and_not_generated(string source, string message) => Assert.Empty(AssertReported(source, message).Files);

    [Theory]
    [InlineData("")]
    [InlineData("7up")]
    [InlineData("-job")]
    [InlineData("_job")]
    [InlineData("job order")]
    [InlineData("jöb")]
    [InlineData("job.order")]
    [InlineData("edge_job")]
    [InlineData("EDGE_job")]
    [InlineData("sqlite_job")]
    [InlineData("Edge-Names")]
    [InlineData("x1234567890123456789012345678901234567890123456789012345678901234")]
    public void Bad_collection_name_is_reported(string collection) =>
        AssertReported($"[EdgeDocument(\"{collection}\")] public partial class [|D|] {{ }}", $"The collection name '{collection}' is not allowed");

    [Theory]
    [InlineData("[EdgeObject] public partial class D { [UniqueClaim] public partial string [|A|] { get; set; } }", "only a document can bear a name")]
    [InlineData("[EdgeDocument(\"d\", Forgettable = true)] public partial class D { [UniqueClaim] public partial string [|A|] { get; set; } }", "keeps its value outside of it, unencrypted")]
    public void Name_that_only_one_may_bear_is_a_property_of_a_document_that_is_not_secret(string source, string message) => AssertReported(source, message);

    [Fact]
    public void Every_part_of_a_class_must_be_partial()
    {
        var generated = Compiling.Generate(Head + "[EdgeDocument(\"d\")] public partial class D;", "public class D;");
        Assert.Contains(generated.Reported, d => d.Id == "ES0006" && d.GetMessage().Contains("is not partial", StringComparison.Ordinal));
    }

    [Fact]
    public void All_problems_of_a_class_are_reported_at_once()
    {
        var generated = Compiling.Generate(Head + "[EdgeDocument(\"d\")] public partial class D { public int A { get; set; } public partial object B { get; set; } }");
        Assert.Equal(2, generated.Reported.Length);
        generated = Compiling.Generate(Head + "[EdgeDocument(\"d\")] public partial class D { public D() { } public Guid Id { get; set; } public int A { get; set; } public partial object B { get; set; } }");
        Assert.Equal(4, generated.Reported.Length);
    }

    [Fact]
    public void Type_that_does_not_exist_is_left_to_the_compiler() =>
        Assert.Empty(Compiling.Generate(Head + "[EdgeDocument(\"d\")] public partial class D { public partial Missing A { get; set; } }").Reported);

    [Fact]
    public void Attribute_without_its_argument_does_not_break_the_generator() =>
        Assert.Contains(Compiling.Generate(Head + "[EdgeDocument] public partial class D;").Compiler, d => d.Id == "CS7036");

    [Fact]
    public void Colliding_names_collide_in_the_library_too() => Assert.Equal(FieldDefinition.HashOf("RankTotal"), FieldDefinition.HashOf("TotalOpenKind"));

    private static Generated AssertReported(string marked, string message)
    {
        var start = marked.IndexOf("[|", StringComparison.Ordinal);
        var end = marked.IndexOf("|]", StringComparison.Ordinal) - 2;
        var source = Head + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal);
        var generated = Compiling.Generate(source);
        var diagnostic = Assert.Single(generated.Reported);
        Assert.Equal("ES0006", diagnostic.Id);
        Assert.Equal("EdgeSync", diagnostic.Descriptor.Category);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(message, diagnostic.GetMessage(), StringComparison.Ordinal);
        var span = diagnostic.Location.SourceSpan;
        Assert.Equal((Head.Length + start, Head.Length + end), (span.Start, span.End));
        return generated;
    }
}
