using Edge.Sync.Documents;
using Edge.Sync.Projections;

namespace Edge.Sync.Tests.Fuzzing.Codecs;

/// <summary>Values as every .NET type that a document may have: one of that type, written as it was; or not there.</summary>
internal sealed class ValueFuzzCodec() : FuzzCodec<ValueBytes>("value")
{
    private static readonly Func<ValueBytes, ValueBytes?>[] s_types =
    [
        Rewrite<string>, Rewrite<bool>, Rewrite<byte>, Rewrite<short>, Rewrite<int>, Rewrite<long>, Rewrite<float>, Rewrite<double>, Rewrite<decimal>,
        Rewrite<Guid>, Rewrite<DateTimeOffset>, Rewrite<DocumentId>, Rewrite<DayOfWeek>, Rewrite<SmallEnum>,
    ];

    private enum SmallEnum : byte { None }

    protected override IEnumerable<byte[]> MakeSeeds() =>
    [
        .. Of("", "seal", "\U0001F600e\u0301", new string('x', 300)), .. Of(true, false), .. Of<byte>(0, 255), .. Of(short.MinValue, short.MaxValue), .. Of(int.MinValue, -1, 5),
        .. Of(long.MinValue, long.MaxValue), .. Of(1.5f, float.NaN, float.MaxValue), .. Of(0.1, -0.0, double.NaN, double.Epsilon, double.NegativeInfinity),
        .. Of(0m, -1.00m, decimal.MaxValue, 0.0000000000000000000000000001m), .. Of(Guid.Empty, new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
        .. Of(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new(2026, 1, 31, 8, 0, 0, TimeSpan.FromHours(-14)), new(2026, 1, 31, 8, 0, 0, TimeSpan.FromMinutes(330))),
        .. Of(DocumentId.Named("a")), .. Of(DayOfWeek.Friday), .. Of([default(string)!]),
    ];

    protected override ValueBytes Read(byte[] input)
    {
        var reader = new WireReader(input, default);
        var value = reader.ReadValue("value");
        reader.ReadEnd("value");
        return value;
    }

    protected override void Check(ValueBytes value, byte[] input)
    {
        AssertSame(input, value.Span, "The value");
        if (value.Span is not [0xC0])
            foreach (var type in s_types)
                if (type(value) is { } again) AssertSame(input, again.Span, type.Method.ToString()!);
        foreach (var column in Enum.GetValues<ColumnType>()) ColumnValue.Decode(column, value);
    }

    private static ValueBytes? Rewrite<T>(ValueBytes value) => ValueCodec<T>.TryDecode(value, out var decoded) ? ValueCodec<T>.Encode(decoded) : null;

    private static IEnumerable<byte[]> Of<T>(params T[] values) => values.Select(value => ValueCodec<T>.Encode(value).Span.ToArray());
}
