namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>Gives the deltas of a <see cref="TextHistory"/> again, one by one, and keeps the text that they make.</summary>
internal sealed class TextHistoryReader
{
    private readonly TextHistory _history;
    private readonly StepCoder<BitDecoder> _coder;
    private readonly HistoryAuthors _authors = new();
    private readonly List<HistoryHead> _heads = [];
    private HistoryStep _step;

    /// <summary>How many deltas of the step are still to come.</summary>
    private int _rest;
    private int _index;
    private int _author;
    private int _ordinalEnd;
    private int _partCount;
    private int _count;
    private int _characters;

    public TextHistoryReader(TextHistory history)
    {
        _history = history;
        _coder = new(history.Steps);
    }

    /// <summary>The delta that <see cref="Next"/> came to.</summary>
    public TextDelta Current { get; private set; } = null!;

    /// <summary>What the author of <see cref="Current"/> had newly heard of before it. Valid until the next call.</summary>
    public IReadOnlyList<HistoryHead> Heads => _heads;

    /// <summary>The text of all deltas so far.</summary>
    public TextState Text { get; } = new();

    /// <summary>Goes to the next delta, which is joined into <see cref="Text"/>; false at the end.</summary>
    /// <exception cref="EdgeDataException">The steps are damaged.</exception>
    public bool Next()
    {
        if (_rest == 0 && _count == _history.Count)
        {
            CheckEnd();
            return false;
        }
        _heads.Clear();
        try
        {
            var isFirst = _rest == 0;
            if (isFirst) BeginStep();
            Current = isFirst ? FirstOfStep() : NextOfStep();
            Text.Join(Current, default);
        }
        catch (EdgeDataException e) when (e.Field != "history.steps")
        {
            throw Malformed("a delta does not fit the text", e);
        }
        ref var author = ref _authors[_author];
        author.NextCounter = Current.First.Counter + (ulong)Current.DotCount;
        author.Count++;
        _count++;
        if (--_rest == 0) EndStep(ref author);
        return true;
    }

    private void BeginStep()
    {
        CountPart();
        ReadAuthor();
        _step = default;
        _coder.Step(ref _step);
        if (_coder.Bits.IsBehindEnd) throw Malformed("the input ends inside a step");
        if (_step.Repeat > _history.Count - _count) throw Malformed($"a step has {_step.Repeat} deltas, {_history.Count - _count} are left");
        (_rest, _ordinalEnd) = (_step.Repeat, Text.OrdinalEnd);
    }

    private void ReadAuthor()
    {
        var isFirst = _authors.Last < 0;
        if (!isFirst && _coder.GoesOn(false))
        {
            _author = _authors.Last;
            return;
        }
        if (isFirst || _coder.IsNewAuthor(false))
        {
            if (_authors.Count == _history.Replicas.Length) throw Malformed("there are more authors than replicas are named");
            _author = _authors.Add(_history.Replicas[_authors.Count]);
        }
        else
        {
            _author = AuthorAt(_coder.AuthorBack(0));
        }
        _authors.Enter(_author);
        for (var count = _coder.HeadCount(0); count > 0; count--)
        {
            CountPart();
            var other = AuthorAt(_coder.HeadBack(0));
            var lag = _coder.Lag(0);
            if (other == _author || lag >= _authors[other].Count) throw Malformed("a head names deltas that are not there");
            _heads.Add(new(_authors[other].Replica, _authors[other].Count - lag));
        }
    }

    private int AuthorAt(int back) => _authors.At(back) is >= 0 and var author ? author : throw Malformed($"no author wrote last {back} groups ago");

    private TextDelta FirstOfStep()
    {
        var first = NextDot(_step.FirstGap);
        var index = Text.CountThrough(_authors[_author].Anchor) + _step.Jump;
        switch (_step.Kind)
        {
            case StepKind.Insert:
                {
                    if (index < 0 || index > Text.Length) throw Malformed($"place {index} is outside of the text");
                    _index = (int)index;
                    var isLeft = _coder.IsLeftChild(false, TextHistory.IsChain(Text, _index));
                    if (isLeft && _index == Text.Length) throw Malformed("a left child has no parent");
                    return Insertion(first, Text.OrdinalAt(isLeft ? _index : _index - 1), isLeft);
                }
            case StepKind.DeleteBefore:
                return Deletion(first, index - _step.Unit);
            case StepKind.DeleteBehind:
                return Deletion(first, index);
            default:
                if (_step.IsDeletion) return ExplicitDeletion(first);
                if (_step.Jump > _ordinalEnd) throw Malformed("a parent stands before the root");
                return Insertion(first, _ordinalEnd - (int)_step.Jump, _coder.IsLeftChild(false));
        }
    }

    private TextDelta NextOfStep()
    {
        var first = NextDot(_step.Gap);
        return _step.Kind == StepKind.Insert
            ? Insertion(first, Text.OrdinalEnd - 1, isLeft: false)
            : Deletion(first, _step.Kind == StepKind.DeleteBefore ? _index - _step.Unit : _index);
    }

    private Dot NextDot(ulong gap)
    {
        ref var author = ref _authors[_author];
        if (gap > Dot.CounterMax || author.NextCounter + gap > Dot.CounterMax) throw Malformed("a feed is longer than feeds are");
        return new(author.Replica, author.NextCounter + gap);
    }

    private TextDelta Insertion(Dot first, int parent, bool isLeft)
    {
        if (_step.Unit > _history.Characters.Length - _characters) throw Malformed($"{_step.Unit} characters are inserted, {_history.Characters.Length - _characters} are left");
        if ((ulong)_step.Unit > Dot.CounterMax - first.Counter + 1) throw Malformed("a feed is longer than feeds are");
        if (parent == 0 && isLeft) throw Malformed("text stands before the root");
        var text = _history.Characters.AsSpan(_characters, _step.Unit);
        if (_step.Unit > 0 && (char.IsLowSurrogate(text[0]) || char.IsHighSurrogate(text[^1]))) throw Malformed("a surrogate pair is cut");
        _characters += _step.Unit;
        return TextDelta.Insertion(first, Text.DotAt(parent), isLeft, TextState.ToText(text));
    }

    private TextDelta Deletion(Dot first, long index)
    {
        if (!Text.IsBoundary(index) || !Text.IsBoundary(index + _step.Unit)) throw Malformed($"{_step.Unit} characters at place {index} cannot be deleted");
        _index = (int)index;
        return Text.Delete(first, _index, _step.Unit);
    }

    private TextDelta ExplicitDeletion(Dot first)
    {
        var ranges = new List<DotRange>();
        for (var i = 0; i < _step.Unit; i++)
        {
            CountPart();
            var (distance, extent) = _coder.Range(1, 0);
            if (distance >= _ordinalEnd || extent >= distance) throw Malformed("a range leads out of the text");
            var (start, end) = (Text.DotAt(_ordinalEnd - distance), Text.DotAt(_ordinalEnd - distance + extent));
            if (start.Replica != end.Replica) throw Malformed("a range leads from one replica to another");
            var range = new DotRange(start, end.Counter - start.Counter);
            if (i > 0 && !ranges[^1].IsBefore(range)) throw Malformed("ranges are not ascending and apart");
            ranges.Add(range);
        }
        return TextDelta.Deletion(first, [.. ranges]);
    }

    private void EndStep(ref HistoryAuthors.Author author)
    {
        if (!_step.Deletes) author.Anchor = Text.OrdinalEnd - 1;
        else if (_step.Kind != StepKind.Explicit) author.Anchor = Text.OrdinalAt(_index - 1);
    }

    private void CountPart()
    {
        if (++_partCount > _history.PartCount) throw Malformed($"there are more than the {_history.PartCount} parts that are said to be there");
    }

    private void CheckEnd()
    {
        if (_partCount != _history.PartCount) throw Malformed($"there are {_partCount} parts, not {_history.PartCount}");
        if (_characters != _history.Characters.Length) throw Malformed($"{_history.Characters.Length - _characters} characters are left over");
        if (_authors.Count != _history.Replicas.Length) throw Malformed("replicas are named that wrote nothing");
        var length = _count > 0 ? _coder.Bits.Length : 0;
        if ((_count > 0 && !_coder.Bits.IsEnd) || !_history.IsPadding(length)) throw Malformed("the steps do not end where they should");
    }

    private EdgeDataException Malformed(string problem, Exception? innerException = null) => _history.Malformed(problem, _coder.Bits.Length, innerException);
}
