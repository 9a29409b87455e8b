using Edge.Sync.Documents;
using Edge.Sync.Log;
using Edge.Sync.Log.Records;

namespace Edge.Sync;

/// <summary>Who has accepted what: nobody can reject what it has accepted, and some wait for that.</summary>
internal sealed partial class Replica
{
    private readonly List<(PublicKey Owner, long Sequence)> _acceptances = [];
    private AcceptedChanges? _accepted;
    private bool _areAcceptancesKnown;
    private bool _isAccepting;

    /// <summary>Whether the transaction that was committed last brought an acceptance.</summary>
    public bool HasAccepted { get; private set; }

    /// <summary>Accepts all that is held here.</summary>
    public ChangeId Accept(in ChangeMetadata metadata = default) => Record(new AcceptRecord(), metadata);

    /// <summary>Whether this file wrote an operation, under whatever name.</summary>
    public bool IsOwn(ReplicaId feed) => feed == Log.Self || Log.Tree.Left.Contains(feed);

    /// <summary>Whether the change of an operation is accepted.</summary>
    /// <param name="dot">The operation.</param>
    /// <param name="by">By the device that writes this feed, whoever wrote the change; null for any device but its author's.</param>
    public bool IsAccepted(Dot dot, ReplicaId? by = null)
    {
        if (!AnyAccepts) return false;
        if (by is null) return Accepted.IsByOther(OwnerOf(dot.Replica), dot);
        return OwnerOf(by.Value) is { } owner && Accepted.IsBy(owner, dot);
    }

    private bool AnyAccepts
    {
        get
        {
            if (!_areAcceptancesKnown) FindAcceptances();
            return _acceptances.Count > 0;
        }
    }

    private AcceptedChanges Accepted
    {
        get
        {
            _accepted ??= new(Graph);
            while (_accepted.Count < _acceptances.Count)
            {
                var (owner, sequence) = _acceptances[_accepted.Count];
                _accepted.Accept(owner, Change.ParseStored(_store.ReadChange(sequence).Bytes));
            }
            return _accepted;
        }
    }

    /// <summary>Whether a change was accepted by an owner in the past of the change at <paramref name="until"/>.</summary>
    private bool IsAcceptedBefore(ChangeId id, long from, PublicKey owner, long until)
    {
        var acceptance = new Acceptance(id, owner, OwnerOf);
        foreach (var stored in ReadLog(from - 1))
        {
            if (stored.Sequence > until) break;
            var change = Change.ParseStored(stored.Bytes);
            var isAccepted = acceptance.Take(change, stored.Id, () => Projections.DocumentFold.ReadRecords(change, out _) ?? []);
            if (stored.Sequence == until) return isAccepted;
        }
        return false;
    }

    private PublicKey? OwnerOf(ReplicaId feed) => Log.TryGetOwner(feed, out var owner) ? owner : null;

    private void NoteAcceptance(long sequence)
    {
        if (_areAcceptancesKnown && OwnerOf(Change.ParseStored(_store.ReadChange(sequence).Bytes).Header.Replica) is { } owner) _acceptances.Add((owner, sequence));
    }

    // Not before somebody asks: most never do.
    private void FindAcceptances()
    {
        _areAcceptancesKnown = true;
        foreach (var sequence in _rulingSequences)
            if (Projections.DocumentFold.ReadRecords(Change.ParseStored(_store.ReadChange(sequence).Bytes), out _)?.Exists(static record => record is AcceptRecord) == true) NoteAcceptance(sequence);
    }
}
