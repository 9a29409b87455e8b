namespace Edge.Sync.Crdts.Sequences;

/// <summary>
/// Gathers the counters of one replica's characters, ascending, into stretches of equal steps, each as long as it can be from its start. So the
/// same counters give the same stretches, however they arrived.
/// </summary>
internal sealed class CanonicalSteps
{
    private readonly List<(ulong First, ulong Step, int Count)> _stretches = [];
    private ulong _first;
    private ulong _last;
    private ulong _step = 1;
    private int _count;

    /// <summary>The stretches, once <see cref="End"/> was called. The step of a single counter is 1.</summary>
    public List<(ulong First, ulong Step, int Count)> Stretches => _stretches;

    public void Clear()
    {
        _stretches.Clear();
        _count = 0;
    }

    public void Add(in DotStretch stretch)
    {
        for (var i = 0; i < stretch.Length;)
        {
            var counter = stretch.Counter + (ulong)i * stretch.Step;
            var taken = 1;
            if (_count > 1 && counter - _last == _step)
            {
                // One went well; where the steps agree, so do all the others.
                if (stretch.Step == _step) taken = stretch.Length - i;
            }
            else if (_count == 1 && counter - _last <= uint.MaxValue)
            {
                _step = counter - _last;
            }
            else
            {
                End();
                (_first, _step) = (counter, 1);
            }
            _count += taken;
            i += taken;
            _last = stretch.Counter + (ulong)(i - 1) * stretch.Step;
        }
    }

    public void End()
    {
        if (_count > 0) _stretches.Add((_first, _step, _count));
        _count = 0;
    }
}
