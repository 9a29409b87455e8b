namespace Edge.Sync;

/// <summary>Why a change has no effect: see <see cref="EdgeDatabase.RejectAsync"/>.</summary>
/// <param name="ChangeId">The change.</param>
/// <param name="By">The change that rejects it; of several, the one with the lowest id. To reject that one takes it back.</param>
/// <param name="Reason">Why, in the words of whoever rejected it.</param>
public sealed record Rejection(ChangeId ChangeId, ChangeId By, string Reason);
