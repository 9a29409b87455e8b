using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Edge.Sync.Crdts;
using MessagePack;

namespace Edge.Sync.Documents;

/// <summary>Reads and writes the values of a lattice with the app's own code.</summary>
internal static class LatticeValue<T> where T : ILattice<T>
{
    public const int BytesMax = 1 << 20;

    public static T Read(LatticeState? state)
    {
        var joined = T.Bottom;
        if (state is null) return joined;
        foreach (var value in state.Values)
            joined = T.Join(joined, Decode(value));
        return joined;
    }

    /// <exception cref="ArgumentException">The value takes more bytes than a lattice holds.</exception>
    public static ValueBytes Encode(T value)
    {
        var content = new ArrayBufferWriter<byte>(64);
        T.Write(content, value);
        if (content.WrittenCount > BytesMax) throw new ArgumentException($"The value takes {content.WrittenCount} bytes; a lattice holds {BytesMax} at most. Keep large values outside of documents.", nameof(value));
        var output = new ArrayBufferWriter<byte>(content.WrittenCount + 5);
        var writer = new MessagePackWriter(output);
        writer.Write(content.WrittenSpan);
        writer.Flush();
        return new(output.WrittenSpan.ToArray());
    }

    /// <summary>What SQL shows: the members of a record struct, or the value's text.</summary>
    public static ValueBytes Show(CrdtState state)
    {
        var value = Read(state as LatticeState);
        return ValueCodec<T>.Record is not null ? ValueCodec<T>.Encode(value) : ValueCodec<string>.Encode(value is IFormattable text ? text.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
    }

    // A peer of another version, or a hostile one, may have written anything: the app's own code decides what it takes.
    [SuppressMessage("Design", "CA1031", Justification = "The app's reader may throw whatever it likes.")]
    private static T Decode(ValueBytes bytes)
    {
        var reader = new MessagePackReader(bytes.Memory);
        try { return T.Read(reader.ReadBytes()!.Value.ToArray()); }
        catch (Exception) { return T.Bottom; }
    }
}
