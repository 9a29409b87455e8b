using System.Security.Claims;

namespace Edge.Sync.Rules;

/// <summary>A change from a peer that is being judged.</summary>
/// <param name="Id">The change.</param>
/// <param name="Author">The replica that made it.</param>
/// <param name="User">Whose device made it; one without claims where that is not known.</param>
/// <param name="IsByUser">Whether it is known.</param>
internal sealed record JudgedChange(ChangeId Id, ReplicaId Author, ClaimsPrincipal User, bool IsByUser);
