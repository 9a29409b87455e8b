namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>The syntax of steps, for both directions: each field with the context that foretells it best.</summary>
/// <remarks>
/// <code>
/// step    = [ not the first: goes on 1 | 0 ]                   1 = the author of the step before, who heard of nothing
///           [ does not go on: author, count of heads, for each: groups back, lag ]
///           kind [ explicit: deletes 1 | 0 ], unit - 1, [ not explicit: repeat - 1 ]
///           gap [ repeat > 1: gap ]
///           [ not explicit: stays 1 | 0 [ 0: back 1 | 0, distance - 1 ] ]
///           [ explicit insertion: distance of the parent - 1 ]
///           [ insertion: left child 1 | 0 ]
///           [ explicit deletion, for each range: distance of its first - 1, last - first ]
/// author  = [ not the first: new 1 | 0 ], [ not new: groups back ]
/// gap     = as the last one of its sort 1 | 0, [ 0: gap ]
/// </code>
/// "1 | 0" is a decision (<see cref="AdaptiveBit"/>), kind is two, every other word is a number (<see cref="NumberModel"/>). A group is all the
/// steps of one author in a row; back from the last one, which is 0. A lag is how many deltas of a head's author its reader has not seen.
/// </remarks>
internal sealed class StepCoder<TBits>(TBits bits) where TBits : struct, IBitCoder
{
    private const int Kinds = 4;

    private TBits _bits = bits;

    private readonly AdaptiveBit[] _goesOn = new AdaptiveBit[2];
    private readonly AdaptiveBit[] _isNew = new AdaptiveBit[1];
    private readonly NumberModel _authorBack = new();
    private readonly NumberModel _headCount = new();
    private readonly NumberModel _headBack = new();
    private readonly NumberModel _lag = new();

    private readonly AdaptiveBit[] _kind = new AdaptiveBit[Kinds * Kinds * Kinds];
    private readonly AdaptiveBit[] _isDeletion = new AdaptiveBit[1];
    private readonly NumberModel[] _unit = NumberModel.Of(Kinds * 2);
    private readonly NumberModel[] _repeat = NumberModel.Of(Kinds * 2);
    private readonly AdaptiveBit[] _isSameGap = new AdaptiveBit[4];
    private readonly NumberModel[] _gap = NumberModel.Of(4);

    private readonly AdaptiveBit[] _stays = new AdaptiveBit[Kinds * Kinds];
    private readonly AdaptiveBit[] _isBack = new AdaptiveBit[Kinds];
    private readonly NumberModel[] _distance = NumberModel.Of(Kinds * 2);
    private readonly AdaptiveBit[] _isLeft = new AdaptiveBit[Kinds * 2];
    private readonly NumberModel _parent = new();
    private readonly NumberModel _rangeFirst = new();
    private readonly NumberModel _rangeExtent = new();

    /// <summary>The last gap of each sort: before the first insertion of a step, before the others, and the same of deletions.</summary>
    private readonly ulong[] _lastGap = new ulong[4];

    /// <summary>The kind of the step before, and of the one before that.</summary>
    private (int Last, int Former) _before;
    private bool _wentOn = true;
    private bool _stayed;

    public ref TBits Bits => ref _bits;

    public bool GoesOn(bool goesOn) => _wentOn = _bits.Code(ref _goesOn[_wentOn ? 1 : 0], goesOn);

    public bool IsNewAuthor(bool isNew) => _bits.Code(ref _isNew[0], isNew);

    public int AuthorBack(int back) => Number(_authorBack, back);

    public int HeadCount(int count) => Number(_headCount, count);

    public int HeadBack(int back) => Number(_headBack, back);

    public int Lag(int lag) => Number(_lag, lag);

    /// <summary>Codes a step but for its ranges and the side of its insertion.</summary>
    public void Step(ref HistoryStep step)
    {
        step.Kind = Kind(step.Kind);
        var kind = (int)step.Kind;
        var isExplicit = step.Kind == StepKind.Explicit;
        if (isExplicit) step.IsDeletion = _bits.Code(ref _isDeletion[0], step.IsDeletion);
        step.Unit = Number(_unit[kind * 2 + (step.IsDeletion ? 1 : 0)], step.Unit - 1) + 1;
        step.Repeat = isExplicit ? 1 : Number(_repeat[kind * 2 + (step.Unit == 1 ? 1 : 0)], step.Repeat - 1) + 1;
        var sort = step.Deletes ? 2 : 0;
        step.FirstGap = Gap(sort, step.FirstGap);
        step.Gap = step.Repeat > 1 ? Gap(sort + 1, step.Gap) : 0;
        if (!isExplicit) step.Jump = Jump(kind, step.Jump);
        else if (!step.IsDeletion) step.Jump = Number(_parent, (int)step.Jump - 1) + 1;
        _before = (kind, _before.Last);
    }

    /// <summary>Codes on which side of its parent an insertion stands.</summary>
    /// <param name="isLeft">What to code.</param>
    /// <param name="isChain">Whether the right neighbour has the ordinal after the left one's: they were typed one after the other.</param>
    public bool IsLeftChild(bool isLeft, bool isChain) => _bits.Code(ref _isLeft[(_stayed ? 4 : 0) + (isChain ? 2 : 0)], isLeft);

    /// <summary>The same where the parent was written out.</summary>
    public bool IsLeftChild(bool isLeft) => _bits.Code(ref _isLeft[1], isLeft);

    public (int First, int Extent) Range(int first, int extent) => (Number(_rangeFirst, first - 1) + 1, Number(_rangeExtent, extent));

    private StepKind Kind(StepKind kind)
    {
        var context = (_before.Last * Kinds + _before.Former) * Kinds;
        var high = _bits.Code(ref _kind[context], ((int)kind & 2) != 0) ? 2 : 0;
        return (StepKind)(high + (_bits.Code(ref _kind[context + 1 + high / 2], ((int)kind & 1) != 0) ? 1 : 0));
    }

    private long Jump(int kind, long jump)
    {
        _stayed = _bits.Code(ref _stays[_before.Last * Kinds + kind], jump == 0);
        if (_stayed) return 0;
        var isBack = _bits.Code(ref _isBack[kind], jump < 0);
        var distance = Number(_distance[kind * 2 + (isBack ? 1 : 0)], (int)Math.Abs(jump) - 1) + 1L;
        return isBack ? -distance : distance;
    }

    private ulong Gap(int sort, ulong gap) =>
        _bits.Code(ref _isSameGap[sort], gap == _lastGap[sort]) ? _lastGap[sort] : _lastGap[sort] = _gap[sort].Code(ref _bits, gap);

    private int Number(NumberModel model, int number) => (int)Math.Min(model.Code(ref _bits, (ulong)number), int.MaxValue - 1);
}
