namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>Attributes of properties that have rules of their own: each broken rule is an ES0006 that names the cure.</summary>
public class LocalAndLensTests
{
    private const string Types = """
        #pragma warning disable CS1591
        using System;
        using Edge.Sync;
        public sealed class Up : ILens<int, string> { public static string Up_(int v) => ""; static string ILens<int, string>.Up(int v) => ""; static int ILens<int, string>.Down(string v) => 0; }
        public sealed class Odd : ILens<DateTime, string> { public static string Up(DateTime v) => ""; public static DateTime Down(string v) => default; }

        """;

    [Theory]
    [InlineData("[LocalOnly] public partial string A { get; set; }")]
    [InlineData("[LocalOnly, Indexed] public partial ReplicatedSet<string> B { get; } public partial int A { get; set; }", "many values")]
    [InlineData("[LocalOnly] public partial BoundedCounter A { get; }", "shared among devices")]
    [InlineData("[LocalOnly, Searchable] public partial string A { get; set; }", "[Searchable]")]
    [InlineData("[LocalOnly] public string A { get; set; } = \"\";", "not partial")]
    [InlineData("[Lens<Up>(\"Old\")] public partial string A { get; set; }")]
    [InlineData("[Lens<Up>(\"Old\")] public partial string? A { get; set; }")]
    [InlineData("[Lens<Up>(\"Old\"), LocalOnly] public partial string A { get; set; }")]
    [InlineData("[Lens<Up>(\"Old\")] public partial int A { get; set; }", "does not give values")]
    [InlineData("[Lens<Up>(\"Old\")] public partial Counter A { get; }", "plain values")]
    [InlineData("[Lens<Up>(\"A\")] public partial string A { get; set; }", "not allowed")]
    [InlineData("[Lens<Up>(\"\")] public partial string A { get; set; }", "not allowed")]
    [InlineData("[Lens<Odd>(\"Old\")] public partial string A { get; set; }", "DateTime")]
    [InlineData("[Lens<Up>(\"Old\")] public partial string A { get; set; } public partial int Old { get; set; }", "written twice")]
    [InlineData("public partial ReplicatedList<D> A { get; }", "it holds")]
    [InlineData("public partial Reference<string> A { get; set; }", "")]
    public void Rule_is_told_where_it_is_broken(string properties, string? problem = null)
    {
        var generated = Compiling.Generate($"{Types}[EdgeDocument(\"d\")] public partial class D {{ {properties} }}");
        if (problem is null)
        {
            Assert.Empty(generated.Reported);
            Assert.Empty(generated.Compiler);
            return;
        }
        if (problem.Length > 0) Assert.Contains(problem, Assert.Single(generated.Reported).GetMessage());
        else Assert.NotEmpty(generated.Compiler);
    }

    [Theory]
    [InlineData("[LocalOnly] public partial string A { get; set; }", "[LocalOnly]")]
    [InlineData("[Lens<Up>(\"Old\")] public partial string A { get; set; }", "a lens is for")]
    [InlineData("public partial ReplicatedList<O> A { get; }", "cannot hold one of its own class")]
    public void Objects_have_fewer_forms(string properties, string problem)
    {
        var generated = Compiling.Generate($"{Types}[EdgeObject] public partial class O {{ {properties} }}");
        Assert.Contains(problem, Assert.Single(generated.Reported).GetMessage());
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1501, false)]
    public void Thousand_fields_are_a_document_and_more_than_a_table_holds_are_not(int count, bool isFine)
    {
        var fields = string.Concat(Enumerable.Range(0, count).Select(static i => $"public partial int F{i} {{ get; set; }}\n"));
        var generated = Compiling.Generate($"#pragma warning disable CS1591\nusing Edge.Sync;\n[EdgeDocument(\"wide\")] public partial class Wide {{ {fields} }}");
        if (isFine) Assert.Empty(generated.Reported);
        else Assert.Contains("1501 fields", Assert.Single(generated.Reported).GetMessage());
        Assert.Empty(generated.Compiler);
    }
}
