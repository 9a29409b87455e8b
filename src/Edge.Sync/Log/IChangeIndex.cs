namespace Edge.Sync.Log;

/// <summary>Finds what is held of a feed. The store implements it.</summary>
internal interface IChangeIndex
{
    /// <summary>The id of the change whose last operation is <paramref name="last"/>; false where no held change ends there.</summary>
    bool TryGetChangeId(Dot last, out ChangeId id);

    /// <summary>The first change of a feed or branch that ends behind <paramref name="before"/>; false where none does.</summary>
    bool TryGetNext(Dot before, out Dot last, out ChangeId id);

    /// <summary>Whom the first change of a feed names as its owner; false where that is not held.</summary>
    bool TryGetOwner(ReplicaId replica, out PublicKey owner);
}
