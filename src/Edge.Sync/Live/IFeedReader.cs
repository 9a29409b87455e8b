namespace Edge.Sync.Live;

/// <summary>Takes the results of a feed, one call at a time. It must not block and not throw.</summary>
internal interface IFeedReader<in TResult>
{
    void OnResult(TResult result);

    /// <summary>The query failed; the next commit that concerns it tries again.</summary>
    void OnError(Exception exception);

    /// <summary>The database is disposed.</summary>
    void OnEnd();
}
