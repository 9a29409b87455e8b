namespace Edge.Sync.Inference.Remote;

/// <summary>The end of a request. Its input is emptied with the deletion, so that a worker which comes later knows it for over and leaves it deleted.</summary>
internal static class RequestWithdrawal
{
    public static Task WriteAsync(EdgeDatabase database, DocumentId id, CancellationToken cancellationToken = default) => database.EditAsync(change =>
    {
        change.Document<RequestDocument>(id).Input = "";
        change.Delete<RequestDocument>(id);
    }, cancellationToken);

    /// <returns>False where nobody waits any more, or another worker was first; nothing is written then.</returns>
    public static async Task<bool> TryAnswerAsync(EdgeDatabase database, DocumentId id, string answer, CancellationToken cancellationToken)
    {
        try
        {
            await database.Documents<RequestDocument>().EditAsync(id, answer, static (document, answer) =>
            {
                if (document.Input.Length == 0 || document.Answer.Length > 0)
                    throw new RequestOverException();
                document.Answer = answer;
            }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestOverException)
        {
            return false;
        }
    }

    // What a callback throws undoes the edit; an edit that only looks would bring a deleted document back.
    private sealed class RequestOverException : Exception;
}
