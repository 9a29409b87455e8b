using System.Buffers;
using MessagePack;

namespace Edge.Sync.Wire;

/// <summary>The sections of a body that is being made, one behind the other in one buffer that serves change after change. Not safe for use by several threads at once.</summary>
internal sealed class SectionBuffer
{
    private const int KeptBytesMax = 64 << 10;

    private readonly List<int> _ends = [];
    private ArrayBufferWriter<byte> _output = new(256);

    /// <summary>Where the next section is written.</summary>
    public IBufferWriter<byte> Output => _output;

    public int Count => _ends.Count;

    /// <summary>Ends the section that was written. Returns its length.</summary>
    public int End()
    {
        var start = _ends.Count == 0 ? 0 : _ends[^1];
        _ends.Add(_output.WrittenCount);
        return _output.WrittenCount - start;
    }

    public void Add(ReadOnlySpan<byte> section)
    {
        _output.Write(section);
        End();
    }

    /// <summary>The length of the body that <see cref="WriteBody"/> gives.</summary>
    public int BodyBytes
    {
        get
        {
            var bytes = _ends.Count <= 15 ? 1 : _ends.Count <= ushort.MaxValue ? 3 : 5;
            var start = 0;
            foreach (var end in _ends)
            {
                bytes += (end - start <= byte.MaxValue ? 2 : end - start <= ushort.MaxValue ? 3 : 5) + end - start;
                start = end;
            }
            return bytes;
        }
    }

    /// <summary>Joins the sections to a body of <see cref="BodyBytes"/>.</summary>
    public void WriteBody(Span<byte> body)
    {
        using var scratch = ScratchBuffer.Rent();
        var writer = new MessagePackWriter(scratch.Output);
        writer.WriteArrayHeader(_ends.Count);
        var start = 0;
        foreach (var end in _ends)
        {
            writer.WriteBinHeader(end - start);
            writer.Flush();
            scratch.Output.WrittenSpan.CopyTo(body);
            body = body[scratch.Output.WrittenCount..];
            scratch.Output.ResetWrittenCount();
            _output.WrittenSpan[start..end].CopyTo(body);
            body = body[(end - start)..];
            start = end;
        }
    }

    /// <summary>Makes it empty for the next change.</summary>
    public void Clear()
    {
        _ends.Clear();
        // Cleared, not only set back: some of it is to be encrypted, or purged.
        if (_output.Capacity > KeptBytesMax) _output = new(256);
        else _output.Clear();
    }
}
