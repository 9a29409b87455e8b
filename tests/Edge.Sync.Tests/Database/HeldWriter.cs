namespace Edge.Sync.Tests.Database;

/// <summary>Keeps a database's writer inside an edit until it is released, so that what is asked for meanwhile waits, and is then committed as one group.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private Task? _edit;

    public static async Task<HeldWriter> HoldAsync(EdgeDatabase database)
    {
        var held = new HeldWriter();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held._edit = database.EditAsync(_ =>
        {
            begun.SetResult();
#pragma warning disable ES0007 // Blocking the writer is what this is for.
            held._release.Wait();
#pragma warning restore ES0007
        });
        await begun.Task;
        return held;
    }

    public Task ReleaseAsync()
    {
        _release.Set();
        return _edit!;
    }

    public void Dispose()
    {
        _release.Set();
        _release.Dispose();
    }
}
