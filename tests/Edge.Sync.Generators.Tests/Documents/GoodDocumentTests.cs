namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>Classes that are documents: no complaint, neither from the generator nor from the compiler, which asks for XML docs as well.</summary>
public class GoodDocumentTests
{
    public static TheoryData<string, string> Sources => new()
    {
        { "no fields", "[EdgeDocument(\"d\")] public partial class D;" },
        { "longest collection name", $"[EdgeDocument(\"d{new string('-', 63)}\")] public partial class D;" },
        {
            "every register type", """
            public enum Small : byte { A }
            public enum Wide : ulong { A }
            [EdgeDocument("d")]
            public partial class D
            {
                public partial string A { get; set; }
                public partial bool B { get; set; }
                public partial byte C { get; set; }
                public partial short D1 { get; set; }
                public partial int E { get; set; }
                public partial long F { get; set; }
                public partial float G { get; set; }
                public partial double H { get; set; }
                public partial decimal I { get; set; }
                public partial Guid J { get; set; }
                public partial DateTimeOffset K { get; set; }
                public partial DocumentId L { get; set; }
                public partial Small M { get; set; }
                public partial Wide N { get; set; }
                public partial string? O { get; set; }
                public partial int? P { get; set; }
                public partial DateTimeOffset? Q { get; set; }
                public partial Small? R { get; set; }
            }
            """
        },
        {
            "sets of every kind of value", """
            public enum Colour { Red }
            [EdgeDocument("d")]
            public partial class D
            {
                public partial ReplicatedSet<long> A { get; }
                public partial ReplicatedSet<Guid> B { get; }
                public partial ReplicatedSet<Colour> C { get; }
                public partial ReplicatedSet<DocumentId> E { get; }
            }
            """
        },
        {
            "every type that merges by itself", """
            public enum Colour { Red }
            [EdgeDocument("d")]
            public partial class D
            {
                public partial Counter A { get; }
                public partial GrowCounter B { get; }
                public partial BoundedCounter C { get; }
                public partial EnableWinsFlag E { get; }
                public partial DisableWinsFlag F { get; }
                public partial Register<Guid> G { get; }
                public partial MaxRegister<Colour> H { get; }
                public partial MinRegister<DateTimeOffset> I { get; }
                public partial GrowSet<string> J { get; }
                public partial RemoveWinsSet<decimal> K { get; }
                public partial ReplicatedText L { get; }
                public partial ReplicatedTree<string> M { get; }
                public partial ReplicatedList<decimal> R { get; }
                public partial EventLog<Colour> N { get; }
                public partial ReplicatedMap<string, long> O { get; }
                public partial ReplicatedMap<Colour, BoundedCounter> P { get; }
                public partial ReplicatedMap<Guid, ReplicatedMap<bool, ReplicatedSet<string>>> Q { get; }
            }
            """
        },
        {
            "modifiers", """
            [EdgeDocument("d")]
            public partial class D
            {
                public required partial string Title { get; set; }
                internal partial int Count { get; private set; }
                private partial bool Hidden { get; set; }
                public partial int Once { get; init; }
                protected internal partial int Wide { private get; set; }
                partial int Bare { get; set; }
            }
            """
        },
        {
            "virtual members", """
            [EdgeDocument("d")]
            public partial class D
            {
                public virtual partial string Title { get; set; }
                public virtual partial Counter Count { get; }
            }
            """
        },
        {
            "initializers", """
            public enum Priority { Low, Normal }
            [EdgeDocument("d")]
            public partial class D
            {
                private const string Untitled = "Untitled";
                public partial string Title { get; set; } = Untitled;
                public required partial string Owner { get; set; } = "nobody";
                public partial int Count { get; set; } = 3 + 4;
                public partial Priority Priority { get; set; } = Priority.Normal;
                public partial decimal Price { get; private set; } = 1.50m;
            }
            """
        },
        {
            "nested types", """
            public static partial class A
            {
                internal partial record B
                {
                    partial record struct C
                    {
                        partial interface IE
                        {
                            partial struct F
                            {
                                [EdgeDocument("d")] private partial class D { private enum P { X } private partial P Value { get; set; } }
                            }
                        }
                    }
                }
            }
            """
        },
        {
            "names that are keywords", """
            namespace @namespace.@record.X
            {
                public partial class @class
                {
                    public enum @enum { @default }
                    [EdgeDocument("d")]
                    public partial class @event
                    {
                        public partial string @string { get; set; }
                        public partial string field { get; set; }
                        public partial string value { get; set; }
                        public partial @enum @base { get; set; } = @enum.@default;
                        public partial ReplicatedSet<@enum> @static { get; }
                    }
                }
            }
            """
        },
        {
            "names that hide ours", """
            namespace Edge.Sync.Apps
            {
                public class System;
                public class FieldStore;
                [EdgeDocument("d")]
                public partial class Counter
                {
                    public partial global::Edge.Sync.Counter Edge { get; }
                    public partial string Sync { get; set; }
                    public partial string _store { get; set; }
                    public partial string Schema { get; set; }
                    public partial string Store { get; set; }
                    public void Attach() { }
                }
            }
            """
        },
        {
            "letters beyond ASCII", """
            [EdgeDocument("d")] public partial class Größe { public partial string Übersicht { get; set; } }
            """
        },
        {
            "members of one's own", """
            [EdgeDocument("d")]
            public partial class D : IComparable<D>
            {
                private static readonly D s_template = new() { Title = "x" };
                private int _cache;
                public D(string title) : this() => Title = title;
                public static string Kind { get; set; } = "";
                public partial string Title { get; set; }
                public bool IsEmpty => Title.Length == 0;
                public int Cache { get => _cache; set => _cache = value; }
                public partial int Twice { get; }
                public partial int Twice => 2 * _cache;
                public int this[int index] => index;
                public int CompareTo(D? other) => s_template.Title.CompareTo(other?.Title);
            }
            """
        },
        {
            "obsolete types", """
            [Obsolete] public enum Old { A }
            [EdgeDocument("d")]
            public partial class D { [Obsolete] public partial Old Value { get; set; } [Obsolete] public partial ReplicatedSet<Old> Values { get; } }
            """
        },
        {
            "code without nullable annotations", """
            #nullable disable
            [EdgeDocument("d")] public partial class D { public partial string Title { get; set; } public partial ReplicatedSet<string> Parts { get; } }
            """
        },
        {
            "wire names of one's own", """
            [EdgeDocument("d")]
            public partial class D
            {
                [Field("title \\ 1")] public partial string Name { get; set; }
                [Field("Name")] public partial string Title { get; set; }
                [Field("Name2")] public partial string Id2 { get; set; }
            }
            """
        },
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void Good_document_compiles_without_a_word(string what, string source)
    {
        var generated = Compiling.Generate("#pragma warning disable CS1591\nusing System;\nusing Edge.Sync;\n" + source);
        Assert.True(generated.Reported.IsEmpty && generated.Compiler.IsEmpty, $"{what}: {string.Join("\n", [.. generated.Reported, .. generated.Compiler])}");
        Assert.Single(generated.Files);
    }

    [Fact]
    public void Document_in_several_files_is_one_document()
    {
        const string Head = "#pragma warning disable CS1591\nusing Edge.Sync;\nnamespace App;\n";
        var generated = Compiling.Generate(
            Head + "[EdgeDocument(\"d\")] public partial class D { public partial string A { get; set; } }",
            Head + "partial class D { public partial string B { get; set; } }");
        Assert.Empty(generated.Compiler);
        var (name, text) = Assert.Single(generated.Files);
        Assert.Equal("App.D.g.cs", name);
        Assert.Contains("__store.Get<string>(0, \"\")", text);
        Assert.Contains("__store.Get<string>(1, \"\")", text);
    }

    [Fact]
    public void Attribute_on_two_parts_is_left_to_the_compiler()
    {
        const string Part = "#pragma warning disable CS1591\n[Edge.Sync.EdgeDocument(\"d\")] public partial class D;";
        var generated = Compiling.Generate(Part, Part);
        Assert.Equal(["CS0579"], generated.Compiler.Select(d => d.Id));
        Assert.Single(generated.Files);
    }

    [Fact]
    public void Class_without_the_attribute_is_left_alone() =>
        Assert.Empty(Compiling.Generate("using Edge.Sync; partial class D { public string A { get; set; } = \"\"; }").Files);
}
