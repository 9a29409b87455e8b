using Microsoft.CodeAnalysis;

namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>Classes with <c>[EdgeObject]</c>, and what all document classes of a program have to do with each other.</summary>
public class ObjectTests
{
    private const string Head = "#pragma warning disable CS1591\nusing System;\nusing Edge.Sync;\n";

    [Fact]
    public void Objects_lie_in_properties_under_keys_and_in_each_other()
    {
        var generated = Compiling.Generate(Head + """
            [EdgeDocument("d")]
            public partial class D { public partial Address Home { get; } public partial ReplicatedMap<int, ReplicatedMap<string, Address>> Others { get; } }
            [EdgeObject]
            public partial class Address { public required partial string City { get; set; } = "Rome"; public partial string Id { get; set; } public partial Outer.Place Place { get; } }
            public partial class Outer { [EdgeObject] public partial class Place { public partial double? Height { get; init; } } }
            """);
        Assert.Empty(generated.Reported);
        Assert.Empty(generated.Compiler);
        Assert.Equal(["Address.g.cs", "D.g.cs", "Outer.Place.g.cs"], generated.Files.Select(static f => f.Name).Order());
        var address = generated.Files.Single(static f => f.Name == "Address.g.cs").Text;
        Assert.Contains("IEdgeObject<global::Address>", address, StringComparison.Ordinal);
        Assert.Contains("DocumentSchema.ForObject()", address, StringComparison.Ordinal);
        Assert.DoesNotContain("DocumentId", address, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public partial class [|D|] { }\n[EdgeObject] partial class D { }", "both a document and an object")]
    [InlineData("public partial class D { public partial O [|A|] { get; set; } }", "changed by its methods and never replaced")]
    [InlineData("public partial class D { public partial O? [|A|] { get; } }", "never null")]
    [InlineData("public partial class D { public partial O [|A|] { get; } = new(); }", "remove the initializer")]
    [InlineData("public partial class D { public O [|A|] { get; } }", "write 'partial'")]
    [InlineData("public partial class D { public partial ReplicatedSet<O> [|A|] { get; } }", "it holds string, bool")]
    [InlineData("public partial class D { public partial ReplicatedMap<O, int> [|A|] { get; } }", "its keys are string, bool")]
    [InlineData("public partial class D { public partial EventLog<O> [|A|] { get; } }", "it holds string, bool")]
    public void Wrong_use_of_an_object_is_reported(string document, string message) =>
        AssertReported($"[EdgeDocument(\"d\")] {document} [EdgeObject] public partial class O {{ }}", message);

    [Theory]
    [InlineData("[EdgeObject] public class [|O|] { }", "Class 'O' is not partial")]
    [InlineData("[EdgeObject] public partial class O { public partial object [|A|] { get; set; } }", "cannot be stored")]
    [InlineData("[EdgeObject] public partial class O { public partial O [|A|] { get; } }", "cannot hold one of its own class (O > O)")]
    [InlineData("[EdgeObject] public partial class O { public partial int A { get; set; } public partial int [|a|] { get; set; } }", "is taken by property 'A'")]
    public void Wrong_object_is_reported(string source, string message) => AssertReported(source, message);

    [Fact]
    public void Objects_that_hold_each_other_are_reported_wherever_one_is_used()
    {
        var generated = Compiling.Generate(Head + """
            [EdgeObject] public partial class A { public partial ReplicatedMap<string, B> Bs { get; } }
            [EdgeObject] public partial class B { public partial ReplicatedMap<string, ReplicatedMap<string, A>> As { get; } }
            [EdgeDocument("d")] public partial class D { public partial A A { get; } }
            """);
        Assert.Equal(3, generated.Reported.Count(static d => d.GetMessage().Contains("of its own class", StringComparison.Ordinal)));
        Assert.DoesNotContain(generated.Compiler, static d => d.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Collections_that_differ_in_capitals_only_are_reported_and_two_classes_of_one_collection_are_not()
    {
        var diagnostic = AssertReported("[EdgeDocument(\"job\")] public partial class A; [EdgeDocument(\"job\")] public partial class B; [EdgeDocument(\"Job\")] public partial class [|C|];",
            "The collection name 'Job' differs from 'job' of class 'A' in capitals only");
        Assert.Equal(3, diagnostic.Files.Length);
    }

    private static Generated AssertReported(string marked, string message)
    {
        var start = marked.IndexOf("[|", StringComparison.Ordinal);
        var generated = Compiling.Generate(Head + marked.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));
        var diagnostic = generated.Reported.First(d => d.GetMessage().Contains(message, StringComparison.Ordinal));
        Assert.Equal("ES0006", diagnostic.Id);
        Assert.Equal(Head.Length + start, diagnostic.Location.SourceSpan.Start);
        return generated;
    }
}
