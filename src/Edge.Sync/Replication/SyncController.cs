namespace Edge.Sync;
/// <summary>contract</summary>
public sealed class SyncController : IAsyncDisposable
{
    internal SyncController() { }
    /// <summary>contract</summary>
    public ValueTask DisposeAsync() => default;
}
