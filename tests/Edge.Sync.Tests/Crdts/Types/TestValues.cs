using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Tests.Crdts.Types;

/// <summary>Two people and their values.</summary>
internal static class TestValues
{
    public static readonly ReplicaId Alice = new(1UL << 56, 0);
    public static readonly ReplicaId Bob = new(2UL << 56, 0);
    public static readonly ReplicaId Carol = new(3UL << 56, 0);

    public static Dot A(ulong counter) => new(Alice, counter);

    public static Dot B(ulong counter) => new(Bob, counter);

    public static Dot C(ulong counter) => new(Carol, counter);

    public static HybridTimestamp At(ulong time) => new(time);

    public static ValueBytes V(string text) => Write((ref MessagePackWriter w) => w.Write(text));

    public static ValueBytes V(long number) => Write((ref MessagePackWriter w) => w.Write(number));

    public static ValueBytes V(double number) => Write((ref MessagePackWriter w) => w.Write(number));

    public static string Text(ValueBytes value)
    {
        var reader = new MessagePackReader(value.Memory);
        return reader.ReadString() ?? "";
    }

    /// <summary>Joins a delta into several states.</summary>
    public static TDelta Into<TDelta>(this TDelta delta, HybridTimestamp stamp, params CrdtState[] states) where TDelta : Delta
    {
        foreach (var state in states) state.Join(delta, stamp);
        return delta;
    }

    public static TDelta Into<TDelta>(this TDelta delta, params CrdtState[] states) where TDelta : Delta => delta.Into(default, states);

    private delegate void Writing(ref MessagePackWriter writer);

    private static ValueBytes Write(Writing write)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        write(ref writer);
        writer.Flush();
        return new(output.WrittenSpan.ToArray());
    }
}
