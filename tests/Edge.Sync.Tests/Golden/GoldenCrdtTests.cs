using Edge.Sync.Crdts;
using Edge.Sync.Documents;
using Edge.Sync.Tests.Crdts.Laws;
using Edge.Sync.Tests.Fuzzing.Codecs;

namespace Edge.Sync.Tests.Golden;

/// <summary>Every kind's deltas, states and fragments have the bytes that they had when the format was written down, and are read back.</summary>
public sealed class GoldenCrdtTests
{
    private const int EditsMax = 24;

    public static TheoryData<byte> Kinds => [.. Enum.GetValues<CrdtKind>().Where(CrdtState.IsKnown).Select(k => (byte)k)];

    [Theory, MemberData(nameof(Kinds))]
    public void Kind_has_the_bytes_of_its_file(byte kind)
    {
        var actual = Make((CrdtKind)kind);
        Assert.Equal(GoldenFiles.Read(((CrdtKind)kind).ToString(), actual), actual.ToString(), ignoreLineEndingDifferences: true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void File_of_a_kind_is_read_back(byte number)
    {
        var kind = (CrdtKind)number;
        var golden = GoldenText.Parse(GoldenFiles.Read(kind.ToString(), Make(kind)));
        var state = CrdtState.Create(kind);
        foreach (var bytes in golden.All("delta"))
        {
            var reader = new WireReader(bytes, FuzzReplicas.All);
            var stamp = new HybridTimestamp(reader.ReadUInt64("stamp"));
            var delta = Delta.Read(kind, reader.ReadDot("dot"), ref reader);
            reader.ReadEnd("delta");
            state.Join(delta, stamp);
        }
        Assert.Equal(Convert.ToHexString(golden["state"]), Convert.ToHexString(FuzzReplicas.Write(state)));
        Assert.Equal(Convert.ToHexString(golden["state"]), Convert.ToHexString(FuzzReplicas.Write(FuzzReplicas.ReadState(kind, golden["state"]))));
        var fragment = new WireReader(golden["fragment"], FuzzReplicas.All);
        StateFragment.Read(kind, FuzzReplicas.ReadVersion(ref fragment), ref fragment);
        fragment.ReadEnd("fragment");
    }

    private static GoldenText Make(CrdtKind kind)
    {
        var golden = new GoldenText();
        var operations = new List<(Delta Delta, HybridTimestamp Stamp)>();
        var version = new VersionVector();
        // What the laws' histories do, in which three authors see of each other what they may.
        foreach (var subject in CrdtSeeds.SubjectsOf(kind).Take(1))
        {
            var history = new History(subject, 7, 3);
            // Some types soon have nothing more to say.
            for (var i = 0; i < 200 && history.Operations.Count < EditsMax; i++) history.Step();
            foreach (var operation in history.Operations) Add(operation.Delta, operation.Stamp);
        }
        var half = new VersionVector(version);
        var state = CrdtState.Create(kind);
        foreach (var (delta, stamp) in operations) state.Join(delta, stamp);
        // And what values may be, by a fourth.
        foreach (var value in Values())
        {
            var dot = new Dot(FuzzReplicas.All[3], version[FuzzReplicas.All[3]] + 1);
            foreach (var delta in Extremes(state, value, dot))
            {
                Add(delta, new(ulong.MaxValue - dot.Counter));
                state.Join(delta, new(ulong.MaxValue - dot.Counter));
            }
        }
        for (var i = 0; i < operations.Count; i++)
        {
            var (delta, stamp) = operations[i];
            golden.Add("delta", i, FuzzReplicas.Write((ref WireWriter writer) =>
            {
                writer.Raw.Write(stamp.Value);
                writer.WriteDot(delta.First);
                delta.Write(ref writer);
            }));
        }
        golden.Add("state", FuzzReplicas.Write(state));
        var fragment = state.Since(version, half);
        golden.Add("fragment", FuzzReplicas.Write((ref WireWriter writer) =>
        {
            FuzzReplicas.WriteVersion(ref writer, version);
            fragment.Write(ref writer);
        }));
        return golden;

        void Add(Delta delta, HybridTimestamp stamp)
        {
            operations.Add((delta, stamp));
            version.Include(delta.First.Plus((ulong)Math.Max(0, delta.DotCount - 1)));
        }
    }

    private static IEnumerable<ValueBytes> Values() =>
    [
        ValueCodec<string?>.Encode(null), ValueCodec<bool>.Encode(true), ValueCodec<long>.Encode(long.MinValue), ValueCodec<long>.Encode(long.MaxValue), ValueCodec<double>.Encode(double.NaN),
        ValueCodec<double>.Encode(-0.0), ValueCodec<double>.Encode(double.Epsilon), ValueCodec<string>.Encode(""), ValueCodec<string>.Encode("W\u00F6rter \U0001F600 e\u0301"), ValueCodec<string>.Encode(new('x', 300)),
        ValueCodec<Guid>.Encode(new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), ValueCodec<decimal>.Encode(decimal.MinValue), ValueCodec<DateTimeOffset>.Encode(new(2026, 1, 31, 8, 0, 0, TimeSpan.FromMinutes(-330))),
    ];

    /// <summary>Edits with a value at the ends of its range; one after the other, so at most one is made of the state as it is.</summary>
    private static IEnumerable<Delta> Extremes(CrdtState state, ValueBytes value, Dot dot)
    {
        Delta? delta = state switch
        {
            RegisterState register => register.Set(dot, value),
            SetState set => set.Add(dot, value),
            RemoveWinsSetState set => set.Add(dot, value),
            GrowSetState set => set.Add(dot, value),
            EventLogState log => log.Append(dot, value),
            ListState list => list.Insert(dot, list.Count, value),
            ExtremeState extreme => extreme.Reach(dot, value),
            TreeState tree => tree.Create(dot, TreeState.Root, 0, value),
            MapState map => map.Edit(value, new RegisterState().Set(dot, value)),
            TextState text when ValueCodec<string>.TryDecode(value, out var typed) && !string.IsNullOrEmpty(typed) => text.Insert(dot, text.Length, typed),
            CounterState counter when ValueCodec<long>.TryDecode(value, out var amount) && (amount >= 0 || state.Kind == CrdtKind.Counter) => counter.Add(dot, amount),
            BoundedCounterState bounded when ValueCodec<long>.TryDecode(value, out var amount) && amount > 0 => bounded.Grant(dot, amount),
            _ => null,
        };
        return delta is null ? [] : [delta];
    }
}
