namespace Edge.Sync.Log.Records;

/// <summary>A record whose bytes are known and which nothing obeys so far: it is kept, passed on and shown. Nothing may be folded beyond it, as beyond one of an unknown kind.</summary>
internal abstract record PendingRecord : LogRecord
{
    public sealed override bool IsPending => true;
}
