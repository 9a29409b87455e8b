namespace Edge.Sync.Inference;

/// <summary>What another replica computed.</summary>
/// <param name="Output">The row.</param>
/// <param name="Provenance">Which version of the model, run by what, on which input: as the replica says.</param>
/// <param name="Replica">The replica that wrote the answer, as the log has it.</param>
/// <param name="Duration">How long it computed, as it says.</param>
public sealed record RemoteAnswer(ReadOnlyMemory<float> Output, Provenance Provenance, ReplicaId Replica, TimeSpan Duration);

/// <summary>What became of the requests of a <see cref="RemotePlace"/>.</summary>
/// <param name="Answered">Answered in time.</param>
/// <param name="GivenUp">Not answered before the deadline, or dropped by the worker.</param>
/// <param name="Refused">Never sent: too large, or too many waited.</param>
/// <param name="Malformed">Answered by what is no answer.</param>
public readonly record struct RemoteCounts(long Answered, long GivenUp, long Refused, long Malformed);

/// <summary>What became of the requests that an <see cref="InferenceWorker"/> found.</summary>
/// <param name="Answered">Computed and answered.</param>
/// <param name="Expired">Found, but too late to be computed.</param>
/// <param name="Malformed">No request: of the wrong width, too large, not finite, without a requester. They are deleted.</param>
/// <param name="Failed">The model failed. They are deleted, so that whoever waits need not.</param>
public readonly record struct WorkerCounts(long Answered, long Expired, long Malformed, long Failed);
