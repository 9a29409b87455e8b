using Edge.Sync.Projections.ReadModels;

namespace Edge.Sync;

public sealed partial class EdgeDatabase
{
    private Task? _building;

    /// <summary>How the app's projections are doing, in the order in which they were added. One that has thrown is stopped, and says why.</summary>
    public async Task<IReadOnlyList<ProjectionStatus>> GetProjectionStatusAsync(CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        return await opened.Writer.RunAloneAsync(_ => opened.Projector.Apps.Status, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until the tables of all projections have all events. They are made in the background, between edits; with few events, as the database is opened.</summary>
    /// <param name="progress">Gets how far each is that is being made, after each batch.</param>
    /// <param name="cancellationToken">Ends the wait; the making goes on.</param>
    /// <exception cref="EdgeProjectionException">One of them is stopped.</exception>
    public async Task WhenProjectionsReadyAsync(IProgress<ProjectionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        while (await ContinueAsync(opened, static apps => apps.AnyBuilding, progress, cancellationToken).ConfigureAwait(false)) { }
        var status = await GetProjectionStatusAsync(cancellationToken).ConfigureAwait(false);
        if (status.FirstOrDefault(static projection => projection.Error is not null) is { } stopped) throw stopped.Error!;
    }

    /// <summary>Makes a projection's tables anew, beside those that serve, which they then replace. Also tries one again that is stopped.</summary>
    /// <param name="name">The projection.</param>
    /// <param name="progress">Gets how far it is, after each batch.</param>
    /// <param name="cancellationToken">Gives up: the tables that serve stay.</param>
    /// <exception cref="ArgumentException">The app has added no such projection.</exception>
    /// <exception cref="EdgeProjectionException">It has thrown. The tables that serve stay as they are.</exception>
    public async Task RebuildProjectionAsync(string name, IProgress<ProjectionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var opened = await OpenedAsync(cancellationToken).ConfigureAwait(false);
        await opened.Writer.RunAsync(_ => { opened.Projector.Apps.Rebuild(name); return true; }, cancellationToken).ConfigureAwait(false);
        try
        {
            while (await ContinueAsync(opened, apps => apps.IsBuilding(name), progress, cancellationToken).ConfigureAwait(false)) { }
        }
        catch (OperationCanceledException)
        {
            await opened.Writer.RunAsync(_ => { opened.Projector.Apps.Cancel(name); return true; }, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        var status = await GetProjectionStatusAsync(cancellationToken).ConfigureAwait(false);
        if (status.First(projection => projection.Name == name).Error is { } error) throw error;
    }

    /// <summary>Folds one batch where that is due; false where it is not.</summary>
    private static async Task<bool> ContinueAsync(Opened opened, Func<AppProjections, bool> isDue, IProgress<ProjectionProgress>? progress, CancellationToken cancellationToken)
    {
        var apps = opened.Projector.Apps;
        var (due, progresses) = await opened.Writer.RunAloneAsync(_ => (isDue(apps), apps.Progress), cancellationToken).ConfigureAwait(false);
        if (progress is not null)
        {
            foreach (var one in progresses)
                progress.Report(one);
        }
        // A reporter may have cancelled.
        cancellationToken.ThrowIfCancellationRequested();
        if (due) await opened.Writer.RunAsync(_ => { apps.Continue(); return true; }, cancellationToken).ConfigureAwait(false);
        return due;
    }

    /// <summary>Goes on with what is being made, between edits. Whatever ends it, the next commit starts it again.</summary>
    private void BuildSoon()
    {
        lock (_lock)
            if (_building is null or { IsCompleted: true }) _building = BuildAsync();
    }

    private async Task BuildAsync()
    {
        try
        {
            var opened = await OpenedAsync(CancellationToken.None).ConfigureAwait(false);
            while (await ContinueAsync(opened, static apps => apps.AnyBuilding, null, CancellationToken.None).ConfigureAwait(false)) { }
        }
        catch (Exception e) when (e is EdgeStorageException or ObjectDisposedException) { /* it stays due */ }
    }
}
