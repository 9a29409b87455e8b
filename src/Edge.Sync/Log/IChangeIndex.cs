namespace Edge.Sync.Log;

/// <summary>Finds the ids of changes that are held. The store implements it.</summary>
internal interface IChangeIndex
{
    /// <summary>The id of the change whose last operation is <paramref name="last"/>; false where no held change ends there.</summary>
    bool TryGetChangeId(Dot last, out ChangeId id);
}
