using System.Reflection;
using Edge.Sync.Documents;

namespace Edge.Sync.Generators.Tests.Documents;

/// <summary>The generator cannot name the library's types; these tests hold its lists to what the library has.</summary>
public class TypeListTests
{
    private const string Enums = "public enum Small : sbyte { A } public enum Wide : ulong { A } ";

    /// <summary>C# text with whether the library stores it, and whether a greatest value of it has a meaning there.</summary>
    public static TheoryData<string, bool, bool> Values => new()
    {
        { "string", ValueCodec<string>.IsSupported, ExtremeValue.IsSupported<string>() },
        { "bool", ValueCodec<bool>.IsSupported, ExtremeValue.IsSupported<bool>() },
        { "byte", ValueCodec<byte>.IsSupported, ExtremeValue.IsSupported<byte>() },
        { "sbyte", ValueCodec<sbyte>.IsSupported, ExtremeValue.IsSupported<sbyte>() },
        { "short", ValueCodec<short>.IsSupported, ExtremeValue.IsSupported<short>() },
        { "ushort", ValueCodec<ushort>.IsSupported, ExtremeValue.IsSupported<ushort>() },
        { "int", ValueCodec<int>.IsSupported, ExtremeValue.IsSupported<int>() },
        { "uint", ValueCodec<uint>.IsSupported, ExtremeValue.IsSupported<uint>() },
        { "long", ValueCodec<long>.IsSupported, ExtremeValue.IsSupported<long>() },
        { "ulong", ValueCodec<ulong>.IsSupported, ExtremeValue.IsSupported<ulong>() },
        { "nint", ValueCodec<nint>.IsSupported, ExtremeValue.IsSupported<nint>() },
        { "Int128", ValueCodec<Int128>.IsSupported, ExtremeValue.IsSupported<Int128>() },
        { "char", ValueCodec<char>.IsSupported, ExtremeValue.IsSupported<char>() },
        { "Half", ValueCodec<Half>.IsSupported, ExtremeValue.IsSupported<Half>() },
        { "float", ValueCodec<float>.IsSupported, ExtremeValue.IsSupported<float>() },
        { "double", ValueCodec<double>.IsSupported, ExtremeValue.IsSupported<double>() },
        { "decimal", ValueCodec<decimal>.IsSupported, ExtremeValue.IsSupported<decimal>() },
        { "Guid", ValueCodec<Guid>.IsSupported, ExtremeValue.IsSupported<Guid>() },
        { "DateTime", ValueCodec<DateTime>.IsSupported, ExtremeValue.IsSupported<DateTime>() },
        { "DateTimeOffset", ValueCodec<DateTimeOffset>.IsSupported, ExtremeValue.IsSupported<DateTimeOffset>() },
        { "DateOnly", ValueCodec<DateOnly>.IsSupported, ExtremeValue.IsSupported<DateOnly>() },
        { "TimeOnly", ValueCodec<TimeOnly>.IsSupported, ExtremeValue.IsSupported<TimeOnly>() },
        { "TimeSpan", ValueCodec<TimeSpan>.IsSupported, ExtremeValue.IsSupported<TimeSpan>() },
        { "DocumentId", ValueCodec<DocumentId>.IsSupported, ExtremeValue.IsSupported<DocumentId>() },
        { "ReplicaId", ValueCodec<ReplicaId>.IsSupported, ExtremeValue.IsSupported<ReplicaId>() },
        { "byte[]", ValueCodec<byte[]>.IsSupported, ExtremeValue.IsSupported<byte[]>() },
        { "object", ValueCodec<object>.IsSupported, ExtremeValue.IsSupported<object>() },
        { "Small", ValueCodec<SmallEnum>.IsSupported, ExtremeValue.IsSupported<SmallEnum>() },
        { "Wide", ValueCodec<WideEnum>.IsSupported, ExtremeValue.IsSupported<WideEnum>() },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_is_stored_by_the_library_exactly_where_the_generator_takes_it(string type, bool isStored, bool isOrdered)
    {
        Assert.Equal(isStored, IsTaken($"public partial {type} A {{ get; set; }}"));
        foreach (var holder in new[] { "Register", "ReplicatedSet", "GrowSet", "RemoveWinsSet", "EventLog", "ReplicatedTree", "ReplicatedList" })
            Assert.Equal(isStored, IsTaken($"public partial {holder}<{type}> A {{ get; }}"));
        foreach (var holder in new[] { "MaxRegister", "MinRegister" })
            Assert.Equal(isOrdered, IsTaken($"public partial {holder}<{type}> A {{ get; }}"));
        Assert.Equal(isStored, IsTaken($"public partial ReplicatedMap<string, {type}> A {{ get; }}"));
        Assert.Equal(isStored && type is not ("float" or "double" or "decimal" or "DateTimeOffset"), IsTaken($"public partial ReplicatedMap<{type}, string> A {{ get; }}"));
    }

    [Theory]
    [InlineData("Site")]
    [InlineData("D")]
    public void Reference_points_to_a_document_class(string target)
    {
        Assert.True(IsTaken($"public partial Reference<{target}> A {{ get; set; }} public partial Reference<{target}>? B {{ get; set; }} public partial ReplicatedList<Reference<{target}>> C {{ get; }}"));
        Assert.False(IsTaken($"public partial MaxRegister<Reference<{target}>> A {{ get; }}"));
    }

    [Theory]
    [InlineData("Money", true)]
    [InlineData("Range", true)]
    [InlineData("Optional", true)]
    [InlineData("Mixed", true)]
    [InlineData("Opaque", false)]
    [InlineData("Holder", false)]
    [InlineData("Empty", false)]
    [InlineData("Struct", false)]
    [InlineData("Class", false)]
    public void Record_struct_of_plain_values_is_one_in_every_holder(string type, bool isStored)
    {
        const string Records = """
            public readonly record struct Money(decimal Amount, string Currency);
            public record struct Range { public Money From { get; set; } public Money To { get; set; } public bool IsEmpty => From == To; }
            public readonly record struct Optional(int? A, string? B, Small? C);
            public readonly record struct Mixed(int A) { public int B { get; init; } public int Twice => 2 * A; }
            public readonly record struct Opaque(DateTime At);
            public readonly record struct Holder(Counter Counter);
            public readonly record struct Empty;
            public struct Struct { public int A { get; set; } }
            public record Class(int A);
            """;
        Assert.Equal(isStored, IsTaken($"public partial {type} A {{ get; set; }} public partial {type}? B {{ get; set; }}", Records));
        foreach (var holder in new[] { "Register", "ReplicatedSet", "GrowSet", "RemoveWinsSet", "EventLog", "ReplicatedTree", "ReplicatedList" })
            Assert.Equal(isStored, IsTaken($"public partial {holder}<{type}> A {{ get; }}", Records));
        Assert.Equal(isStored, IsTaken($"public partial ReplicatedMap<string, {type}> A {{ get; }}", Records));
        Assert.False(IsTaken($"public partial ReplicatedMap<{type}, string> A {{ get; }}", Records));
        Assert.False(IsTaken($"public partial MaxRegister<{type}> A {{ get; }}", Records));
        Assert.False(IsTaken($"[Indexed] public partial {type} A {{ get; set; }}", Records));
    }

    [Fact]
    public void Every_type_that_the_library_makes_over_a_field_is_known_to_the_generator()
    {
        var members = typeof(FieldType).GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        var made = members.Select(static m => (m as MethodInfo)?.ReturnType ?? ((m as PropertyInfo)?.PropertyType)).Where(static t => t is { IsGenericType: true })
            .Select(static t => t!.GetGenericArguments()[0].Name.Split('`')[0]).Distinct(StringComparer.Ordinal);
        made = made.Where(static name => name != "T"); // a plain value, an object
        var known = System.Text.RegularExpressions.Regex.Replace(Generators.Documents.MergingTypes.Names, "<[^>]*>", "").Split(", ").Distinct(StringComparer.Ordinal);
        Assert.Equal(made.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    private static bool IsTaken(string property, string types = "")
    {
        var generated = Compiling.Generate($"#pragma warning disable CS1591\nusing System;\nusing Edge.Sync;\n{Enums}{types}[EdgeDocument(\"site\")] public partial class Site {{ }} [EdgeDocument(\"d\")] public partial class D {{ {property} }}");
        if (!generated.Reported.IsEmpty) return false;
        Assert.Empty(generated.Compiler);
        return true;
    }

    private enum SmallEnum : sbyte;

    private enum WideEnum : ulong;
}
