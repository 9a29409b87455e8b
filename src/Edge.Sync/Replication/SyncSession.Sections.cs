using System.Buffers;
using Edge.Sync.Log;

namespace Edge.Sync.Replication;

/// <summary>Sections that are absent on one side: asked for by name, answered as far as they are there. And what keepers say, on which evicting rests.</summary>
/// <remarks>
/// <para>One question is open at a time. Its answer names in the question's order what is there and what is not, up to a number of bytes; the asker goes on behind that. So a lost question or answer is
/// asked again, and nobody keeps anything for a peer that does not read. What nobody has asked for is passed over.</para>
/// <para>A section with other bytes than its author wrote is refused by its hash and ends the session, like a false seal.</para>
/// </remarks>
internal sealed partial class SyncSession
{
    private readonly Queue<KeeperNote> _notes = [];
    private readonly Queue<ReceivedSection[]> _receivedSections = [];
    private SectionName[]? _wantedSections;
    private IReadOnlyList<ReceivedSection> _outgoingSections = [];
    private Dictionary<SectionName, WantedPlace>? _question;
    private WantedSections? _unasked;
    private WantedPlace _askAfter, _questionNext;
    private bool _questionIsLast, _askNow, _askFromStart, _noted;
    private DateTimeOffset? _askedForSections;
    private KeeperState _saidState;
    private long _haveNumber, _peerHaveNumber;
    private ulong _peerInstance;
    private IReadOnlyList<DocumentKey>? _peerAbsent;

    /// <summary>Whether the peer has said that it never evicts.</summary>
    public bool IsPeerKeeper { get; private set; }

    /// <summary>What the peer says that it keeps, for whoever may evict.</summary>
    public bool TryTakeNote(out KeeperNote note) => _notes.TryDequeue(out note!);

    /// <summary>Sections that were asked for, for whoever holds the log. Then call <see cref="OnFilled"/>.</summary>
    public bool TryTakeSections(out ReceivedSection[] sections) => _receivedSections.TryDequeue(out sections!);

    /// <summary>Tells what became of received sections.</summary>
    /// <param name="sections">The sections.</param>
    /// <param name="outcome">What became of them.</param>
    /// <returns>The documents of which the peer lacks sections that were asked for.</returns>
    public IReadOnlyCollection<DocumentKey> OnFilled(ReceivedSection[] sections, FillOutcome outcome)
    {
        if (outcome.FalseSection is { } section)
            Fail(EdgeErrorCode.FalseSection, $"Section {section.Number} of change {section.Change.Last} is not what its author wrote: its hash is another one.");
        if (_question is null) return [];
        var lacking = new HashSet<DocumentKey>();
        foreach (var answered in sections)
        {
            if (!_question.Remove(answered.Name, out var place)) continue;
            if (answered.Bytes.IsEmpty) lacking.Add(place.Document);
            _askAfter = place;
        }
        if (_question.Count == 0) _askAfter = _questionNext;
        var isDone = _question.Count == 0 && _questionIsLast;
        _question = null;
        if (isDone) _askAfter = default;
        _askNow = !isDone || _askFromStart;
        _askFromStart &= !isDone;
        return lacking;
    }

    /// <summary>Sections that the peer lacks. Answer with <see cref="AnswerSections"/>.</summary>
    public bool TryTakeWantedSections(out SectionName[] names, out int bytesMax)
    {
        (names, bytesMax) = (_wantedSections!, limits.BatchBytes);
        if (Fault is not null || _wantedSections is null || _outgoingSections.Count > 0) return false;
        _wantedSections = null;
        return true;
    }

    public void AnswerSections(IReadOnlyList<ReceivedSection> sections) => _outgoingSections = sections;

    /// <summary>Asks at the next occasion, from the first one on: something is wanted that was not before.</summary>
    public void AskSectionsNow()
    {
        if (_question is null && _unasked is null) (_askAfter, _askNow) = (default, true);
        else _askFromStart = true;
    }

    /// <summary>Whether it is time to ask for sections that are absent here: then call <see cref="AskSections"/> with those after <paramref name="after"/>.</summary>
    public bool TryTakeAbsent(out WantedPlace after, out int countMax)
    {
        (after, countMax) = (_askAfter, limits.SectionsMax);
        if (!IsEstablished || Fault is not null || _unasked is not null) return false;
        if (!(_askNow && _question is null) && _now - _askedForSections < limits.ResendAfter) return false;
        (_askedForSections, _askNow) = (_now, false);
        return true;
    }

    /// <summary>Takes sections that are wanted here.</summary>
    public void AskSections(WantedSections wanted)
    {
        _question = null;
        if (wanted.Sections.Count > 0) _unasked = wanted;
        else (_askAfter, _askNow) = (wanted.IsLast ? default : wanted.Next, !wanted.IsLast);
    }

    private KeeperState State => !_version.KeepsAll ? KeeperState.MayEvict : _version.Absent is { Count: 0 } ? KeeperState.Whole : KeeperState.Incomplete;

    private void OnSections(ReceivedSection[] sections)
    {
        if (Peer is null || _question is not { } question) return;
        var answered = Array.FindAll(sections, section => question.ContainsKey(section.Name));
        if (answered.Length > 0) _receivedSections.Enqueue(answered);
    }

    private void OnWantSections(SectionName[] names)
    {
        // A peer has one question: a newer one stands in place of one that was not answered.
        if (Peer is not null && names.Length > 0) _wantedSections = names;
    }

    private void Note(FeedEnd[] ends)
    {
        if (!IsPeerKeeper || Peer is not { } peer) return;
        _notes.Enqueue(new(peer, _peerInstance, IsFirst: !_noted, ends, _peerAbsent));
        _noted = true;
    }

    private bool TryWriteSections(IBufferWriter<byte> frame)
    {
        if (_outgoingSections.Count > 0)
        {
            SyncMessage.WriteSections(frame, _outgoingSections);
            _outgoingSections = [];
            return true;
        }
        if (_unasked is not { } wanted) return false;
        _unasked = null;
        _question = [];
        foreach (var section in wanted.Sections)
            _question[section.Name] = section.Place;
        (_questionNext, _questionIsLast) = (wanted.Next, wanted.IsLast);
        SyncMessage.WriteWantSections(frame, [.. wanted.Sections.Select(static section => section.Name)]);
        return true;
    }
}
