using System.Buffers;
using System.Text;

namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>Takes the deltas of a text one by one, in an order that keeps causality, and writes them as a <see cref="TextHistory"/>.</summary>
internal sealed class TextHistoryWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly StepCoder<BitEncoder> _coder;
    private readonly HistoryAuthors _authors = new();
    private readonly Dictionary<ReplicaId, int> _numbers = [];
    private readonly StringBuilder _characters = new();

    /// <summary>All deltas so far, merged.</summary>
    private readonly TextState _text = new();

    /// <summary>The step that may still go on, where <see cref="_author"/> is not -1.</summary>
    private HistoryStep _step;
    private int _author = -1;
    private HistoryHead[] _heads = [];
    private bool _isLeft;
    private bool _isChain;
    private DotRange[] _ranges = [];
    private int _ordinalEnd;

    /// <summary>The place of the last delta of the step: where it inserted, or where what it deleted began.</summary>
    private int _index;

    /// <summary>The jump to the place behind what the first delta deleted, should the step turn out to go backwards.</summary>
    private long _jumpBefore;

    private int _count;
    private int _partCount;

    public TextHistoryWriter() => _coder = new(new(_output));

    /// <summary>Adds the next delta.</summary>
    /// <param name="delta">Follows all deltas of its author that were added, and all those that it refers to.</param>
    /// <param name="heads">What its author had newly heard of since its own last delta; may be empty.</param>
    /// <exception cref="ArgumentException">The delta or a head does not follow what was added before.</exception>
    /// <exception cref="EdgeDataException">The delta refers to characters that are not there.</exception>
    public void Add(TextDelta delta, ReadOnlySpan<HistoryHead> heads = default)
    {
        if (!_numbers.TryGetValue(delta.First.Replica, out var number)) _numbers.Add(delta.First.Replica, number = _authors.Add(delta.First.Replica));
        var next = _authors[number].NextCounter;
        if (delta.First.Counter < next) throw new ArgumentException($"Delta {delta.First} comes before counter {next} of its replica. Add deltas in the order of their feeds.", nameof(delta));
        var gap = delta.First.Counter - next;
        if (number != _author || heads.Length > 0 || !TryExtend(delta, gap))
        {
            Flush();
            Begin(number, heads, delta, gap);
        }
        _text.Join(delta, default);
        _characters.Append(delta.Text);
        ref var author = ref _authors[number];
        author.NextCounter = delta.First.Counter + (ulong)delta.DotCount;
        author.Count++;
        _count++;
    }

    /// <summary>Writes all that was added; nothing can be added any more.</summary>
    public void Write(ref WireWriter writer)
    {
        Flush();
        if (_count > 0) _coder.Bits.End();
        var steps = TextHistory.Pad(_output.WrittenSpan, _partCount);
        var characters = PackedText.Pack(_characters.ToString(), out var bytes);
        writer.Raw.WriteArrayHeader(TextHistory.ElementCount);
        writer.Raw.Write(TextHistory.Version);
        writer.Raw.WriteArrayHeader(_authors.Count);
        for (var i = 0; i < _authors.Count; i++) writer.WriteReplica(_authors[i].Replica);
        writer.Raw.Write(_count);
        writer.Raw.Write(_partCount);
        writer.Raw.Write(steps);
        writer.Raw.Write(bytes);
        writer.Raw.Write(characters);
    }

    private bool TryExtend(TextDelta delta, ulong gap)
    {
        if (_step.Kind == StepKind.Explicit || (_step.Repeat > 1 && gap != _step.Gap)) return false;
        if (delta.Text.Length > 0)
        {
            if (_step.Kind != StepKind.Insert || delta.Text.Length != _step.Unit || delta.IsLeftChild) return false;
            if (delta.Parent != new Dot(delta.First.Replica, _authors[_author].NextCounter - 1)) return false;
        }
        else
        {
            if (_step.Kind == StepKind.Insert || !TryPlace(delta, out var index, out var count) || count != _step.Unit) return false;
            var kind = index == _index ? StepKind.DeleteBehind : index + count == _index ? StepKind.DeleteBefore : StepKind.Explicit;
            if (kind == StepKind.Explicit || (_step.Repeat > 1 && kind != _step.Kind)) return false;
            (_step.Kind, _index) = (kind, index);
        }
        _step.Gap = gap;
        _step.Repeat++;
        return true;
    }

    private void Begin(int number, ReadOnlySpan<HistoryHead> heads, TextDelta delta, ulong gap)
    {
        CheckHeads(number, heads);
        _heads = heads.ToArray();
        _author = number;
        _ordinalEnd = _text.OrdinalEnd;
        _step = new() { Repeat = 1, FirstGap = gap, Unit = delta.Text.Length };
        var cursor = _text.CountThrough(_authors[number].Anchor);
        if (delta.Text.Length > 0) BeginInsertion(delta, cursor);
        else BeginDeletion(delta, cursor);
    }

    private void BeginInsertion(TextDelta delta, int cursor)
    {
        var parent = delta.Parent.Counter == 0 ? 0 : _text.OrdinalOf(delta.Parent);
        // Joining the delta will say what is wrong with it.
        if (parent < 0) return;
        _isLeft = delta.IsLeftChild;
        if (parent > 0 && !_text.IsVisible(parent))
        {
            (_step.Kind, _step.Jump) = (StepKind.Explicit, _ordinalEnd - parent);
            return;
        }
        _step.Kind = StepKind.Insert;
        _index = _text.CountThrough(parent) - (_isLeft ? 1 : 0);
        _step.Jump = _index - cursor;
        _isChain = TextHistory.IsChain(_text, _index);
    }

    private void BeginDeletion(TextDelta delta, int cursor)
    {
        if (TryPlace(delta, out _index, out var count))
        {
            _step.Unit = count;
            (_jumpBefore, _step.Jump) = (_index + count - cursor, _index - cursor);
            _step.Kind = Math.Abs(_jumpBefore) <= Math.Abs(_step.Jump) ? StepKind.DeleteBefore : StepKind.DeleteBehind;
            return;
        }
        (_step.Kind, _step.IsDeletion, _step.Unit) = (StepKind.Explicit, true, delta.Deleted.Length);
        _ranges = delta.Deleted.ToArray();
    }

    /// <summary>Where the deletion takes place, if what it deletes is one piece of the merged text, in the ranges that this piece has.</summary>
    private bool TryPlace(TextDelta delta, out int index, out int count)
    {
        if (!_text.TryLocate(delta.Deleted, out index, out count)) return false;
        if (count == 1) return true;
        return _text.IsBoundary(index) && _text.IsBoundary((long)index + count)
            && _text.Delete(delta.First, index, count).Deleted.SequenceEqual(delta.Deleted);
    }

    private void CheckHeads(int number, ReadOnlySpan<HistoryHead> heads)
    {
        foreach (var head in heads)
            if (!_numbers.TryGetValue(head.Replica, out var other) || other == number || head.Count < 1 || head.Count > _authors[other].Count)
                throw new ArgumentException($"A head names {head.Count} deltas of replica {head.Replica}. Add what a delta follows before it.", nameof(heads));
    }

    private void Flush()
    {
        if (_author < 0) return;
        CodeAuthor();
        if (_step.Kind == StepKind.DeleteBefore) _step.Jump = _jumpBefore;
        _coder.Step(ref _step);
        _partCount++;
        ref var anchor = ref _authors[_author].Anchor;
        if (!_step.Deletes)
        {
            if (_step.Kind == StepKind.Insert) _coder.IsLeftChild(_isLeft, _isChain);
            else _coder.IsLeftChild(_isLeft);
            anchor = _text.OrdinalEnd - 1;
        }
        else if (_step.Kind != StepKind.Explicit)
        {
            anchor = _text.OrdinalAt(_index - 1);
        }
        else
        {
            CodeRanges();
        }
        _author = -1;
    }

    private void CodeAuthor()
    {
        var isFirst = _authors.Last < 0;
        if (!isFirst && _coder.GoesOn(_author == _authors.Last && _heads.Length == 0)) return;
        var isNew = _authors[_author].LastGroup < 0;
        if (!isFirst && !_coder.IsNewAuthor(isNew)) _coder.AuthorBack(_authors.BackOf(_author));
        _authors.Enter(_author);
        _coder.HeadCount(_heads.Length);
        foreach (var head in _heads)
        {
            var author = _numbers[head.Replica];
            _coder.HeadBack(_authors.BackOf(author));
            _coder.Lag(_authors[author].Count - head.Count);
        }
        _partCount += _heads.Length;
    }

    private void CodeRanges()
    {
        foreach (var range in _ranges)
        {
            var first = _text.OrdinalOf(range.First);
            _coder.Range(_ordinalEnd - first, _text.OrdinalOf(range.First.Plus(range.Extent)) - first);
        }
        _partCount += _ranges.Length;
    }
}
