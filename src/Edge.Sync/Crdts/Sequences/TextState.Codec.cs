using System.Buffers;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using Edge.Sync.Crdts.Sequences;

namespace Edge.Sync.Crdts;

/// <summary>The stored forms, and the deep check.</summary>
/// <remarks>
/// <code>
/// text    = [ [ replica, ... ascending ], structure, visible text [, removals ] ]
/// compact = [ [ replica, ... ascending ], structure's length, structure in Brotli, visible text's length in UTF-8, visible text in Brotli [, removals ] ]
/// </code>
/// The first form is canonical, and quick both ways. The second is for what is sent or put away whole: a third of the bytes, but a hundred
/// times the time to write, and Brotli may give other bytes with the next version of the runtime. Either is read by <see cref="Read"/>.
/// Removals, see <see cref="KeyRemovals"/>, are there where a key above the text was removed.
/// </remarks>
internal sealed partial class TextState
{
    /// <summary>The most that compression may gain: more is refused, so that a few bytes cannot ask for much memory.</summary>
    private const int CompactRatioMax = 64;

    /// <summary>Above this size the best compression takes too long (at 100 KB a fifth of a second), and the usual one is taken.</summary>
    private const int SmallestSizeMax = 256 * 1024;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What was read and not needed yet; null once it is built.</summary>
    private TextStructure? _stored;

    public override void Write(ref WireWriter writer)
    {
        writer.Raw.WriteArrayHeader(_removals is null ? 3 : 4);
        WriteReplicas(ref writer);
        writer.Raw.Write(Structure());
        writer.Raw.Write(ToString());
        _removals?.Write(ref writer);
    }

    /// <summary>Writes the compact form, or the canonical one where that would gain more than a reader believes.</summary>
    public void WriteCompact(ref WireWriter writer)
    {
        var structure = Structure().ToArray();
        var text = s_strictUtf8.GetBytes(ToString());
        var (packedStructure, packedText) = (Compress(structure), Compress(text));
        if (structure.Length > packedStructure.Length * CompactRatioMax || text.Length > packedText.Length * CompactRatioMax)
        {
            Write(ref writer);
            return;
        }
        writer.Raw.WriteArrayHeader(_removals is null ? 5 : 6);
        WriteReplicas(ref writer);
        writer.Raw.Write(structure.Length);
        writer.Raw.Write(packedStructure);
        writer.Raw.Write(text.Length);
        writer.Raw.Write(packedText);
        _removals?.Write(ref writer);
    }

    /// <exception cref="EdgeDataException">The bytes are no text.</exception>
    public static TextState Read(ref WireReader reader)
    {
        var state = new TextState();
        var length = reader.ReadArrayHeader("text");
        if (length is < 3 or > 6) throw reader.Malformed("text", $"it has 3 to 6 elements, not {length}");
        var isCompact = length > 4;
        var replicas = ReadReplicas(ref reader);
        var structure = isCompact ? ReadCompactStructure(ref reader) : reader.ReadBytes("text.structure");
        var offset = reader.Offset - (isCompact ? 0 : structure.Length);
        try { state._stored = TextStructure.Read(structure, offset, replicas, state._dots); }
        catch (EdgeDataException e) when (isCompact) { throw reader.Malformed(e.Field, $"what it unpacks to is malformed. {e.Message}", e); } // whose offset is not one of the input's
        var text = isCompact ? ReadCompactText(ref reader) : reader.ReadString("text.text");
        if (text.Length != state._stored.VisibleCount) throw reader.Malformed("text.text", $"it has {text.Length} characters, its runs have {state._stored.VisibleCount}");
        state._text = new(text);
        // What can only be seen in the built tree is looked at now, so that nothing fails later.
        if (length is 4 or 6) state.ReadRemovals(ref reader);
        if (state._stored.NeedsBuilding || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) state.Build();
        return state;
    }

    /// <exception cref="InvalidOperationException">What is kept differs from what follows from the characters and their parents.</exception>
    public override void Check()
    {
        Build();
        _tree.Check();
        _order.Check();
        var ordinal = 0;
        for (var handle = RunTable.Root; handle >= 0; handle = _runs[handle].Next)
        {
            if (_runs[handle].First != ordinal) throw new InvalidOperationException($"Run {handle} begins at {_runs[handle].First}, not at {ordinal}.");
            for (; ordinal < _runs[handle].End; ordinal++)
            {
                if (_runs.Find(ordinal) != handle) throw new InvalidOperationException($"Character {ordinal} is not found in run {handle}.");
                if (ordinal > 0 && _dots.OrdinalOf(_dots.DotOf(ordinal)) != ordinal) throw new InvalidOperationException($"Character {ordinal} is not found by its dot.");
            }
        }
        if (ordinal != _runs.OrdinalEnd) throw new InvalidOperationException($"The runs end at {ordinal}, not at {_runs.OrdinalEnd}.");
        if (_order.Width != _text.Length) throw new InvalidOperationException($"The runs have {_order.Width} visible characters, the text {_text.Length}.");
        if (_removals is not null && (_removals.IsEmpty || !_removals.IsOf(_dots))) throw new InvalidOperationException("Removals are kept of characters that are gone.");
        if (LoneSurrogateAt(ToString()) is >= 0 and var lone) throw new InvalidOperationException($"Character {lone} of the text is half of a surrogate pair.");
    }

    private void ReadRemovals(ref WireReader reader)
    {
        _removals = KeyRemovals.Read(ref reader);
        if (_removals.IsEmpty || !_removals.IsOf(_dots)) throw reader.Malformed("text.removals", "it speaks of characters that are not there");
    }

    /// <summary>Turns what was read into runs, before the first question that the text alone does not answer.</summary>
    private void Build()
    {
        if (_stored is not null) Build(_stored);
    }

    private void Build(TextStructure stored)
    {
        _runs = stored.Build(_dots, out var firstOfReplica);
        _order = new(_runs);
        _tree = new(_runs, _order, _dots);
        var order = _tree.Link(firstOfReplica) ?? throw stored.Malformed("text.parents", "some characters are their own ancestors");
        _order.Build(order);
        CollectPairs(stored);
        _stored = null;
    }

    /// <summary>Finds the pairs of the visible text, and adds those of the deleted.</summary>
    private void CollectPairs(TextStructure stored)
    {
        var high = stored.DeletedPairs();
        foreach (var ordinal in high)
        {
            var run = _runs[_runs.Find(ordinal)];
            if (!run.IsDeleted || ordinal == run.Last) throw stored.Malformed("text.pairs", "a surrogate pair is not deleted as a whole");
        }
        var text = _text.ToString();
        for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsHighSurrogate(text[i])) continue;
            var run = _runs[_order.Find(i, out var place)];
            if (place == run.Length - 1) throw stored.Malformed("text.structure", "a run ends inside a surrogate pair");
            high.Add(run.First + place);
        }
        high.Sort();
        foreach (var ordinal in high) _pairs.Append(ordinal);
    }

    private ReadOnlySpan<byte> Structure() => _stored is { } stored ? stored.Bytes : TextStructureWriter.Write(_runs, _dots, _pairs);

    private void WriteReplicas(ref WireWriter writer)
    {
        var byId = _dots.NumbersById();
        writer.Raw.WriteArrayHeader(byId.Length);
        foreach (var number in byId) writer.WriteReplica(_dots.ReplicaAt(number));
    }

    private static ReplicaId[] ReadReplicas(ref WireReader reader)
    {
        var replicas = new ReplicaId[reader.ReadArrayHeader("text.replicas")];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = reader.ReadReplica("text.replicas");
            if (i > 0 && replicas[i - 1] >= replicas[i]) throw reader.Malformed("text.replicas", "replicas are not in ascending order");
        }
        return replicas;
    }

    private static string ReadCompactText(ref WireReader reader)
    {
        // Rented, since new memory for a short time would cost a fifth of the load.
        var length = ReadUnpackedLength(ref reader, "text.text", out var packed);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Decompress(ref reader, "text.text", packed.Span, bytes.AsSpan(0, length));
            return s_strictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException e) { throw reader.Malformed("text.text", "text in UTF-8 was expected", e); }
        finally { ArrayPool<byte>.Shared.Return(bytes); }
    }

    private static byte[] Compress(byte[] bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        var quality = bytes.Length <= SmallestSizeMax ? 11 : 5;
        // No wider than needed: the reader's decoder makes room for the whole window.
        var window = Math.Clamp(BitOperations.Log2((uint)bytes.Length | 1) + 1, 10, 22);
        if (!BrotliEncoder.TryCompress(bytes, packed, out var length, quality, window)) throw new InvalidOperationException("Brotli needs more room than it said.");
        return packed[..length];
    }

    private static byte[] ReadCompactStructure(ref WireReader reader)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(ReadUnpackedLength(ref reader, "text.structure", out var packed));
        Decompress(ref reader, "text.structure", packed.Span, bytes);
        return bytes;
    }

    private static int ReadUnpackedLength(ref WireReader reader, string field, out ReadOnlyMemory<byte> packed)
    {
        var length = reader.ReadInt32(field);
        packed = reader.ReadSlice(field);
        if (length > (long)packed.Length * CompactRatioMax) throw reader.Malformed(field, $"{packed.Length} bytes claim to be {length}; at most {CompactRatioMax} times as many are taken");
        return length;
    }

    private static void Decompress(ref WireReader reader, string field, ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        if (!BrotliDecoder.TryDecompress(packed, bytes, out var written) || written != bytes.Length) throw reader.Malformed(field, $"it does not unpack to {bytes.Length} bytes");
    }
}
