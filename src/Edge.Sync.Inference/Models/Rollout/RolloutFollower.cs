using System.Threading.Channels;
using Edge.Sync.Inference.Serving;

namespace Edge.Sync.Inference;

/// <summary>Keeps a model's slot at what its rollouts give this device. Safe for several threads.</summary>
public sealed class RolloutFollower : IAsyncDisposable
{
    /// <summary>A version that does not even load has failed as often as this, so that it is stopped before it reaches others.</summary>
    private const int UnloadableFaults = 10;

    private readonly ModelSlot _slot;
    private readonly ModelCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly TimeSpan _reportEvery;
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _disposing = new();
    private readonly HashSet<(DocumentId Order, string Fault)> _reported = [];
    private RolloutOrder? _served;
    private RolloutOrder? _shadowed;
    private int _reportDue;
    private ITimer? _timer;
    private Task _running = Task.CompletedTask;

    internal RolloutFollower(ModelSlot slot, ModelCatalog catalog, TimeProvider time, TimeSpan reportEvery) =>
        (_slot, _catalog, _time, _reportEvery) = (slot, catalog, time, reportEvery);

    /// <summary>Where the rollout stood when it was last looked at.</summary>
    public RolloutStatus? Status { get; private set; }

    /// <summary>Why the version that is due does not serve; null where it does. What served before serves on.</summary>
    public EdgeModelException? Fault { get; private set; }

    /// <summary>Does at once what otherwise follows news: reports, judges, loads. Needed by tests and simulations only.</summary>
    public Task<RolloutStatus> RefreshAsync(CancellationToken cancellationToken = default) => RefreshAsync(reports: true, cancellationToken);

    private async Task<RolloutStatus> RefreshAsync(bool reports, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (reports)
            {
                await ReportAsync(_slot.Trial, _served, cancellationToken).ConfigureAwait(false);
                await ReportAsync(_slot.ShadowTrial, _shadowed, cancellationToken).ConfigureAwait(false);
            }
            var status = await _catalog.StepAsync(_slot.Name, cancellationToken).ConfigureAwait(false);
            Fault = status.Faults.Count > 0 ? status.Faults[0] : null;
            await ServeAsync(status, cancellationToken).ConfigureAwait(false);
            await ShadowAsync(status, cancellationToken).ConfigureAwait(false);
            return Status = status;
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>Stops following. What serves goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposing.IsCancellationRequested)
            await _disposing.CancelAsync().ConfigureAwait(false);
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _slot.ClearShadow();
        _slot.Trial = null;
    }

    internal void Start()
    {
        var changes = _catalog.Changes(_slot.Name, () => _due.Writer.TryWrite(true), _disposing.Token);
        _timer = _time.CreateTimer(static state =>
        {
            var follower = (RolloutFollower)state!;
            Interlocked.Exchange(ref follower._reportDue, 1);
            follower._due.Writer.TryWrite(true);
        }, this, _reportEvery, _reportEvery);
        _running = Task.WhenAll(RunAsync(_disposing.Token), changes);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in _due.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                try
                {
                    // Else every report would be news that asks for the next one.
                    var reports = Interlocked.Exchange(ref _reportDue, 0) != 0 || _slot.Trial is { HasFaults: true } || _slot.ShadowTrial is { HasFaults: true };
                    await RefreshAsync(reports, cancellationToken).ConfigureAwait(false);
                }
                catch (EdgeModelException e)
                {
                    Fault = e;
                }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (ObjectDisposedException)
        {
            // The database was disposed first.
        }
    }

    // Of a version that is through, only faults are news.
    private async Task ReportAsync(VersionTrial? trial, RolloutOrder? order, CancellationToken cancellationToken)
    {
        if (order is not null && trial?.Take() is { Frames: > 0 } seen && (seen.Faults > 0 || !order.IsThrough))
            await _catalog.ReportAsync(_slot.Name, order, seen.Frames, seen.Faults, cancellationToken).ConfigureAwait(false);
    }

    private async Task ServeAsync(RolloutStatus status, CancellationToken cancellationToken)
    {
        if (status is not { Here: { } version, HereOrder: { } order })
        {
            _slot.Trial = null;
            return;
        }
        if (_slot.Current?.Hash == HashOf(version) || await LoadAsync(version, order, content => _slot.Serve(content), cancellationToken).ConfigureAwait(false))
        {
            // In another stage it is counted anew.
            if (_slot.Trial is null || _served?.Id != order.Id || _served.Stage != order.Stage)
                (_slot.Trial, _served) = (new(HashOf(version)), order);
        }
    }

    private async Task ShadowAsync(RolloutStatus status, CancellationToken cancellationToken)
    {
        if (status is not { ShadowHere: { } version, Order: { } order } || _slot.Current is null)
        {
            if (_slot.ShadowTrial is not null)
                _slot.ClearShadow();
            return;
        }
        if ((_slot.ShadowTrial is null || _shadowed?.Id != order.Id)
            && await LoadAsync(version, order, content => _slot.SetShadow(content, new(HashOf(version), order.Plan.ShadowSample, order.Plan.ShadowTolerance)), cancellationToken).ConfigureAwait(false))
            _shadowed = order;
    }

    private async Task<bool> LoadAsync(ModelVersion version, RolloutOrder order, Action<ModelContent> load, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await _catalog.TryReadAsync(version, cancellationToken).ConfigureAwait(false);
            if (bytes is null)
            {
                Fault = ModelCatalog.Refused(version, "a piece of it has not arrived");
                return false;
            }
            load(ModelContent.FromBytes(version.Name, bytes.Value, version.Version, version.Manifest.FeatureSet));
            return true;
        }
        catch (EdgeModelException e)
        {
            Fault = e;
            if (_reported.Add((order.Id, e.Message)))
                await _catalog.ReportAsync(version.Name, order, UnloadableFaults, UnloadableFaults, cancellationToken).ConfigureAwait(false);
            return false;
        }
    }

    private static ModelHash HashOf(ModelVersion version) =>
        ModelHash.TryParse(Convert.ToHexStringLower(version.Sha256.Span), out var hash) ? hash : default;
}
