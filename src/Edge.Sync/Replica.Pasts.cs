using Edge.Sync.Log;
using Edge.Sync.Projections;

namespace Edge.Sync;

/// <summary>What changes follow: sections that name anything else are void. Own changes follow all that is held, and are not judged when they are written.</summary>
internal sealed partial class Replica
{
    private ChangeGraph? _graph;
    private ChangePasts? _pasts;
    private PastJudge? _judge;

    private PastJudge Judge => _judge ??= new(Log.Tree, () => _pasts ??= new(Graph));

    /// <summary>The graph of all that is held: read from the log when it is first needed, and then kept up.</summary>
    private ChangeGraph Graph
    {
        get
        {
            if (_graph is not null) return _graph;
            _graph = new();
            foreach (var stored in ReadLog(0))
                _graph.Add(Change.ParseStored(stored.Bytes));
            return _graph;
        }
    }

    /// <summary>Forgets the graph, since changes have other names now, or are not held any more.</summary>
    private void ForgetGraph() => (_graph, _pasts, _judge, _accepted) = (null, null, null, null);

    /// <summary>Judges changes from anywhere in the log, oldest first.</summary>
    private PastJudge JudgeAgain()
    {
        var pasts = default(ChangePasts);
        return new(Log.Tree, () => pasts ??= new(Graph));
    }

    /// <summary>Keeps with a change which of its sections are void.</summary>
    private void KeepVerdict(Change change, PastJudge judge, long sequence)
    {
        var judged = judge.Mark(change);
        if (judged == change) return;
        _store.ReplaceChanges([_store.ReadChange(sequence) with { Bytes = judged.StoredBytes }]);
        for (var i = 0; i < _group.Count; i++)
            if (_group[i].Header.Last == judged.Header.Last) _group[i] = judged;
    }
}
