using System.Security.Cryptography;

namespace Edge.Sync.Log;

/// <summary>Reads the sections of a body one by one, those that are absent among them, without a copy.</summary>
/// <remarks>
/// <code>
/// body    = [ section, ... ] or nothing
/// section = bin, or where it is absent [ kind, document id bin 16, collection str, SHA-256(section) bin 32 ]
/// </code>
/// </remarks>
internal ref struct BodyReader
{
    private WireReader _reader;
    private int _left;

    /// <exception cref="EdgeDataException">The body is no array, or an empty one.</exception>
    public BodyReader(ReadOnlyMemory<byte> body)
    {
        _reader = new(body, default);
        if (body.IsEmpty) return;
        _left = Count = _reader.ReadArrayHeader("body", LogLimits.SectionBytesMin);
        if (Count == 0) throw _reader.Malformed("body", "a body without sections is written as nothing");
        // The header of the array; then each section adds its own.
        FullBytesMin = (int)_reader.Offset;
    }

    /// <summary>How many sections there are, absent ones included.</summary>
    public int Count { get; }

    /// <summary>The number of the current section, from 0.</summary>
    public readonly int Number => Count - _left - 1;

    /// <summary>Whether of the current section only the envelope is there.</summary>
    public bool IsAbsent { get; private set; }

    /// <summary>How many of the sections read so far are absent.</summary>
    public int AbsentCount { get; private set; }

    /// <summary>How long the body with all its sections is at least, as far as it is read: exactly that while none is absent.</summary>
    public long FullBytesMin { get; private set; }

    /// <summary>The current section: its bytes, or, where it is absent, the SHA-256 hash of them.</summary>
    public ReadOnlyMemory<byte> Content { get; private set; }

    public SectionEnvelope Envelope { get; private set; }

    /// <summary>Moves on to the next section; after the last one, looks that nothing follows.</summary>
    /// <exception cref="EdgeDataException">It is none in its shortest form.</exception>
    public bool Read()
    {
        if (_left == 0)
        {
            _reader.ReadEnd("body");
            return false;
        }
        _left--;
        IsAbsent = _reader.IsAtArray;
        if (IsAbsent) ReadAbsent();
        else
        {
            var start = _reader.Offset;
            Content = _reader.ReadSlice("body.section");
            FullBytesMin += _reader.Offset - start;
            Envelope = SectionEnvelope.Of(Content);
        }
        return true;
    }

    /// <summary>Writes the current section's hash.</summary>
    public readonly void Hash(scoped Span<byte> destination)
    {
        if (IsAbsent) Envelope.Hash(Content.Span, destination);
        else
        {
            SHA256.HashData(Content.Span, destination);
            Envelope.Hash(destination[..Hash256.SizeBytes], destination);
        }
    }

    private void ReadAbsent()
    {
        _reader.ReadArrayHeader("body.absent", 4, exactly: true);
        Envelope = SectionEnvelope.Read(ref _reader);
        Content = _reader.ReadSlice("absent.hash");
        if (Content.Length != Hash256.SizeBytes) throw _reader.Malformed("absent.hash", $"a hash has {Hash256.SizeBytes} bytes");
        AbsentCount++;
        FullBytesMin += 2 + Envelope.SectionBytesMin;
    }
}
