namespace Edge.Sync.Crdts.Sequences;

/// <summary>The visible text, with a gap where it was last edited: editing there costs nothing but the characters themselves.</summary>
/// <remarks>What was loaded stays the string that it was until the first edit, so that reading copies nothing.</remarks>
internal sealed class GapBuffer
{
    private const int CapacityMin = 16;

    private char[] _buffer = [];
    private int _gapStart;
    private int _gapEnd;
    private string? _loaded;

    public GapBuffer() { }

    public GapBuffer(string loaded) => _loaded = loaded;

    public int Length => _loaded is not null ? _loaded.Length : _buffer.Length - (_gapEnd - _gapStart);

    public char this[int index] => _loaded is not null ? _loaded[index] : _buffer[index < _gapStart ? index : index + (_gapEnd - _gapStart)];

    public void Insert(int index, ReadOnlySpan<char> text)
    {
        if (_loaded is not null) Unload(index, text.Length);
        if (_gapEnd - _gapStart < text.Length) Grow(text.Length);
        if (index != _gapStart) MoveGap(index);
        if (text.Length == 1)
        {
            _buffer[_gapStart++] = text[0];
            return;
        }
        text.CopyTo(_buffer.AsSpan(_gapStart));
        _gapStart += text.Length;
    }

    public void Delete(int index, int count)
    {
        if (_loaded is not null) Unload(index, 0);
        if (index + count == _gapStart)
        {
            _gapStart = index;
            return;
        }
        if (index != _gapStart) MoveGap(index);
        _gapEnd += count;
    }

    private void CopyTo(int index, Span<char> destination)
    {
        var before = Math.Clamp(_gapStart - index, 0, destination.Length);
        _buffer.AsSpan(index, before).CopyTo(destination);
        _buffer.AsSpan(index + before + (_gapEnd - _gapStart), destination.Length - before).CopyTo(destination[before..]);
    }

    public override string ToString() => _loaded ?? string.Create(Length, this, static (span, buffer) => buffer.CopyTo(0, span));

    private void Unload(int index, int added)
    {
        var text = _loaded.AsSpan();
        _loaded = null;
        _buffer = GC.AllocateUninitializedArray<char>(Math.Max(CapacityMin, text.Length + added + text.Length / 8));
        (_gapStart, _gapEnd) = (index, _buffer.Length - (text.Length - index));
        text[..index].CopyTo(_buffer);
        text[index..].CopyTo(_buffer.AsSpan(_gapEnd));
    }

    private void MoveGap(int index)
    {
        if (index < _gapStart)
        {
            var count = _gapStart - index;
            Array.Copy(_buffer, index, _buffer, _gapEnd - count, count);
            _gapEnd -= count;
        }
        else
        {
            var count = index - _gapStart;
            Array.Copy(_buffer, _gapEnd, _buffer, _gapStart, count);
            _gapEnd += count;
        }
        _gapStart = index;
    }

    private void Grow(int added)
    {
        var length = Length;
        var capacity = Math.Max(Math.Max(CapacityMin, length + added), (int)Math.Min((long)length * 3 / 2, Array.MaxLength));
        var buffer = GC.AllocateUninitializedArray<char>(capacity);
        _buffer.AsSpan(0, _gapStart).CopyTo(buffer);
        var after = _buffer.Length - _gapEnd;
        _buffer.AsSpan(_gapEnd, after).CopyTo(buffer.AsSpan(capacity - after));
        (_buffer, _gapEnd) = (buffer, capacity - after);
    }
}
