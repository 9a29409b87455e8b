namespace Edge.Sync.Crdts.Sequences;

/// <summary>Reads what <see cref="VarintWriter"/> wrote; takes one form of each number only.</summary>
/// <param name="bytes">The column or columns.</param>
/// <param name="offset">Where they begin in the input, for errors.</param>
internal ref struct VarintReader(ReadOnlySpan<byte> bytes, long offset)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; set; }

    public readonly bool End => Position == _bytes.Length;

    public readonly int Remaining => _bytes.Length - Position;

    public ulong Read(string field)
    {
        if ((uint)Position < (uint)_bytes.Length && _bytes[Position] is < 0x80 and var small)
        {
            Position++;
            return small;
        }
        return ReadLong(field);
    }

    /// <param name="field">For errors.</param>
    /// <param name="max">The greatest number; below 0 where none is allowed.</param>
    public int ReadInt32(string field, int max)
    {
        var value = Read(field);
        return max >= 0 && value <= (ulong)max ? (int)value : throw Malformed(field, $"{value} is not within 0 to {max}");
    }

    public readonly EdgeDataException Malformed(string field, string problem) =>
        new($"Malformed {field} at byte {offset + Position}: {problem}.", field, offset + Position);

    private ulong ReadLong(string field)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (Position >= _bytes.Length) throw Malformed(field, "the input ends inside a number");
            var next = _bytes[Position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            if ((next == 0 && shift > 0) || (shift == 63 && next > 1)) break;
            return value;
        }
        throw Malformed(field, "a number is not in its shortest form");
    }
}
