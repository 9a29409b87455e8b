namespace Edge.Sync.Replication;

/// <summary>What a session wants to read from the log.</summary>
/// <param name="Known">What the peer has or was sent: leave it out.</param>
/// <param name="After">The place to go on from; -1: find the first change that the peer lacks.</param>
/// <param name="BytesMax">About how many bytes.</param>
/// <param name="Tells">Whether the peer asks to be told what each change follows.</param>
internal readonly record struct ReadRequest(VersionVector Known, long After, int BytesMax, bool Tells = false);
