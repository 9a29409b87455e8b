namespace Edge.Sync.Documents;

/// <summary>Takes the edits that setters of live documents queue.</summary>
internal interface ILiveEdits
{
    /// <summary>Queues an edit. It will run in a callback like any other; the document is told with <see cref="FieldStore.Settle(long, long?)"/>.</summary>
    /// <returns>The edit's number: greater than that of all before it.</returns>
    long Queue(FieldStore document, Action<FieldStore> edit);

    /// <summary>A handler of an item's events has thrown.</summary>
    void OnHandlerFailed(Exception exception);
}
