using System.Buffers;
using Edge.Sync.Trust.Content;

namespace Edge.Sync.Replication;

/// <summary>The keys of documents: sent ahead of the sections that need them, and asked for by whoever lacks one.</summary>
/// <remarks>
/// Nothing is acknowledged: who has a section knows which key it names, and asks every peer for what it lacks, again and again. So keys come in the end over any loss, crash or relay,
/// and those that are sent ahead only save the question.
/// </remarks>
internal sealed partial class SyncSession
{
    /// <summary>As many wait to be sent. A peer that asks for more without reading asks again.</summary>
    private const int OutgoingKeysMax = 8192;

    /// <summary>As many are remembered as sent; then they may be sent again, which does no harm.</summary>
    private const int SentKeysMax = 100_000;

    private readonly Queue<ContentKey[]> _receivedKeys = [];
    private readonly Queue<ContentKeyId[]> _wantedKeys = [];
    private readonly Queue<ContentKey> _outgoingKeys = [];
    private readonly HashSet<ContentKeyId> _sentKeys = [];
    private IReadOnlyList<ContentKeyId> _missing = [];
    private ContentKeyId _missingAfter;
    private DateTimeOffset? _asked;

    /// <summary>Keys from the peer, for whoever holds the log.</summary>
    public bool TryTakeKeys(out ContentKey[] keys) => _receivedKeys.TryDequeue(out keys!);

    /// <summary>Keys that the peer lacks. Answer with <see cref="AnswerKeys"/> as far as they are here.</summary>
    public bool TryTakeWantedKeys(out ContentKeyId[] keys) => _wantedKeys.TryDequeue(out keys!);

    /// <summary>Whether it is time to ask for keys that are missing here: then call <see cref="Ask"/> with those after <paramref name="after"/>.</summary>
    public bool TryTakeMissing(out ContentKeyId after, out int countMax)
    {
        (after, countMax) = (_missingAfter, limits.KeysMax);
        if (!IsEstablished || Fault is not null || _now - _asked < limits.ResendAfter) return false;
        _asked = _now;
        return true;
    }

    /// <summary>Takes keys that sections wait for here.</summary>
    public void Ask(IReadOnlyList<ContentKeyId> missing)
    {
        _missing = missing;
        // Where there are more, all get their turn, also if nobody has the first ones any more.
        _missingAfter = missing.Count < limits.KeysMax ? default : missing[^1];
    }

    /// <summary>Takes the keys of the changes that are about to be sent. Those that the peer got already are left out.</summary>
    public void ProvideKeys(IEnumerable<ContentKey> keys)
    {
        if (_sentKeys.Count > SentKeysMax) _sentKeys.Clear();
        foreach (var key in keys)
            if (_sentKeys.Add(key.Id)) _outgoingKeys.Enqueue(key);
    }

    /// <summary>Takes keys that the peer has asked for.</summary>
    public void AnswerKeys(IEnumerable<ContentKey> keys)
    {
        foreach (var key in keys)
            if (_outgoingKeys.Count < OutgoingKeysMax) _outgoingKeys.Enqueue(key);
    }

    private void OnKeys(ContentKey[] keys)
    {
        if (Peer is not null && keys.Length > 0) _receivedKeys.Enqueue(keys);
    }

    private void OnWantKeys(ContentKeyId[] keys)
    {
        if (Peer is not null && keys.Length > 0) _wantedKeys.Enqueue(keys);
    }

    private bool TryWriteKeys(IBufferWriter<byte> frame)
    {
        if (_missing.Count > 0)
        {
            SyncMessage.WriteWantKeys(frame, _missing);
            _missing = [];
            return true;
        }
        if (_outgoingKeys.Count == 0) return false;
        var keys = new List<ContentKey>(Math.Min(_outgoingKeys.Count, limits.KeysMax));
        while (keys.Count < limits.KeysMax && _outgoingKeys.TryDequeue(out var key))
            keys.Add(key);
        SyncMessage.WriteKeys(frame, keys);
        return true;
    }
}
