namespace Edge.Sync.Crdts.Sequences;

/// <summary>The visible text, with a gap where it was last edited: editing there costs nothing but the characters themselves.</summary>
internal sealed class GapBuffer
{
    private const int CapacityMin = 16;

    private char[] _buffer = [];
    private int _gapStart;
    private int _gapEnd;

    public int Length => _buffer.Length - (_gapEnd - _gapStart);

    public char this[int index] => _buffer[index < _gapStart ? index : index + (_gapEnd - _gapStart)];

    public void Insert(int index, ReadOnlySpan<char> text)
    {
        if (_gapEnd - _gapStart < text.Length) Grow(text.Length);
        MoveGap(index);
        text.CopyTo(_buffer.AsSpan(_gapStart));
        _gapStart += text.Length;
    }

    public void Delete(int index, int count)
    {
        if (index + count == _gapStart)
        {
            _gapStart = index;
            return;
        }
        MoveGap(index);
        _gapEnd += count;
    }

    public void CopyTo(int index, Span<char> destination)
    {
        var before = Math.Clamp(_gapStart - index, 0, destination.Length);
        _buffer.AsSpan(index, before).CopyTo(destination);
        _buffer.AsSpan(index + before + (_gapEnd - _gapStart), destination.Length - before).CopyTo(destination[before..]);
    }

    public override string ToString() => string.Create(Length, this, static (span, buffer) => buffer.CopyTo(0, span));

    private void MoveGap(int index)
    {
        if (index == _gapStart) return;
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
        var buffer = new char[capacity];
        _buffer.AsSpan(0, _gapStart).CopyTo(buffer);
        var after = _buffer.Length - _gapEnd;
        _buffer.AsSpan(_gapEnd, after).CopyTo(buffer.AsSpan(capacity - after));
        (_buffer, _gapEnd) = (buffer, capacity - after);
    }
}
