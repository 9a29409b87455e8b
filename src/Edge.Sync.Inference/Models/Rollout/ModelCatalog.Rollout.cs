using System.Collections.Concurrent;
using System.Globalization;

namespace Edge.Sync.Inference;

// Rollouts: who decided what, what was seen, and what follows.
internal sealed partial class ModelCatalog
{
    private const int OrdersKnownMax = 1_000;

    private readonly ConcurrentDictionary<DocumentId, Func<RolloutGuard, bool>> _guards = [];

    // Orders whose signatures were found right, by the very text they cover.
    private readonly ConcurrentDictionary<DocumentId, (string Text, string Signature, RolloutOrder Order)> _orders = [];

    private DocumentSet<OrderDocument> Orders => _database.Documents<OrderDocument>();

    private DocumentSet<StopDocument> Stops => _database.Documents<StopDocument>();

    private DocumentSet<EvidenceDocument> Evidence => _database.Documents<EvidenceDocument>();

    /// <summary>Decides that a version reaches the fleet by a plan. What was decided against it before and is known here is overridden.</summary>
    /// <exception cref="EdgeModelException">The version is below the floor or has expired.</exception>
    public async Task<RolloutStatus> RollOutAsync(ModelVersion version, RolloutPlan? plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        plan ??= new();
        if (plan.Validate() is { } fault)
            throw new ArgumentException($"The plan for {version} cannot be followed: {fault}.", nameof(plan));
        await _check.ThrowIfBarredAsync(version, cancellationToken).ConfigureAwait(false);
        var state = await StateAsync(version.Name, cancellationToken).ConfigureAwait(false);
        var text = OrderStatement.Write(version.Name, new(default, state.NextSequence, version.Id, version.Version, plan, state.StopsOf(version.Id), Stage: 0));
        var signature = await SignedText.SignAsync(_database, OrderStatement.Purpose, text, cancellationToken).ConfigureAwait(false);
        var id = SignedText.IdOf(text);
        if (plan.RollBackWhen is { } guard)
            _guards[id] = guard;
        await Orders.EditAsync(id, (version.Name, text, signature), static (document, s) => (document.Model, document.Statement, document.Signature) = s, cancellationToken).ConfigureAwait(false);
        return await StatusAsync(version.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes back the candidate; where there is none, the stable version, so that the one before it serves again.</summary>
    /// <exception cref="InvalidOperationException">Nothing is rolled out.</exception>
    public async Task<RolloutStatus> RollBackAsync(string name, string reason = "taken back by hand", CancellationToken cancellationToken = default)
    {
        var state = await StateAsync(name, cancellationToken).ConfigureAwait(false);
        var order = state.Candidate ?? state.Stable ?? throw new InvalidOperationException($"No version of the model '{name}' is rolled out.");
        await StopAsync(name, order, _database.NewId(), reason, cancellationToken).ConfigureAwait(false);
        return await StatusAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds to what this device has seen of an order.</summary>
    public async Task ReportAsync(string name, RolloutOrder order, long frames, long faults, CancellationToken cancellationToken = default)
    {
        if (frames == 0)
            return;
        var device = await _database.GetReplicaIdAsync(cancellationToken).ConfigureAwait(false);
        await Evidence.EditAsync(EvidenceId(order.Id, device), (name, order, device, frames, faults), static (document, s) =>
        {
            (document.Model, document.Order, document.Device) = (s.name, s.order.Id, new(s.device.ToByteArray(), bigEndian: true));
            document.Frames[s.order.Stage].Add(s.frames);
            if (s.faults > 0)
                document.Faults[s.order.Stage].Add(s.faults);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does what the evidence asks for: advances the candidate, or stops what fails. Any replica may; all that do, do the same.</summary>
    public async Task<RolloutStatus> StepAsync(string name, CancellationToken cancellationToken = default)
    {
        var state = await StateAsync(name, cancellationToken).ConfigureAwait(false);
        foreach (var order in new[] { state.Candidate, state.Stable })
        {
            if (order is null)
                continue;
            var guard = state.GuardOf(order);
            var verdict = state.Judge(order);
            if (verdict == RolloutVerdict.RollBack || _guards.TryGetValue(order.Id, out var bad) && bad(guard))
                await StopAsync(name, order, StopId(order), string.Create(CultureInfo.InvariantCulture,
                    $"version {order.Number} failed {guard.Faults} of {guard.Frames} times on {guard.Devices} devices"), cancellationToken).ConfigureAwait(false);
            else if (verdict == RolloutVerdict.Advance)
                await Orders.EditAsync(order.Id, order.Stage + 1, static (document, stage) => document.Stage.Reach(stage), cancellationToken).ConfigureAwait(false);
            else
                continue;
            break;
        }
        return await StatusAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where a model's rollout stands.</summary>
    public async Task<RolloutStatus> StatusAsync(string name, CancellationToken cancellationToken = default)
    {
        var state = await StateAsync(name, cancellationToken).ConfigureAwait(false);
        var device = await _database.GetReplicaIdAsync(cancellationToken).ConfigureAwait(false);
        var assignment = state.AssignmentOf(device, _options.Ring);
        var faults = new List<EdgeModelException>();
        var candidate = state.Candidate;
        var shown = candidate ?? state.Stable;
        return new()
        {
            Stable = await VersionOfAsync(state.Stable, faults, cancellationToken).ConfigureAwait(false),
            Candidate = await VersionOfAsync(candidate, faults, cancellationToken).ConfigureAwait(false),
            Here = await VersionOfAsync(assignment.Serving, null, cancellationToken).ConfigureAwait(false),
            ShadowHere = await VersionOfAsync(assignment.Shadow, null, cancellationToken).ConfigureAwait(false),
            ShadowSample = assignment.Shadow?.Plan.ShadowSample ?? 0,
            ShadowTolerance = assignment.Shadow?.Plan.ShadowTolerance ?? 0,
            Stage = candidate is null ? 0 : candidate.Stage + 1,
            StageCount = candidate?.Plan.StageCount ?? 0,
            Guard = shown is null ? default : state.GuardOf(shown),
            Stops = [.. (await Stops.Where(s => s.Model == name).ToListAsync(cancellationToken).ConfigureAwait(false)).Select(static s => s.Reason)],
            Faults = faults,
            Order = candidate,
            HereOrder = assignment.Serving,
        };
    }

    /// <summary>All that this replica knows; orders that are not signed by a publisher are left out.</summary>
    public async Task<RolloutState> StateAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var orders = new List<RolloutOrder>();
        foreach (var document in await Orders.Where(o => o.Model == name).ToListAsync(cancellationToken).ConfigureAwait(false))
            if (await ReadAsync(document, cancellationToken).ConfigureAwait(false) is { } order)
                orders.Add(order);
        var stops = await Stops.Where(s => s.Model == name).ToListAsync(cancellationToken).ConfigureAwait(false);
        var evidence = await Evidence.Where(e => e.Model == name).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new(orders, stops.Select(static stop => new RolloutStop(stop.Id, stop.Version)), evidence.SelectMany(ReportsOf));
    }

    /// <summary>Calls back after every commit that may concern a model's rollout, until it is cancelled or the database is disposed.</summary>
    public Task Changes(string name, Action changed, CancellationToken cancellationToken)
    {
        return Task.WhenAll(
            WatchAsync(Orders.Where(o => o.Model == name)), WatchAsync(Stops.Where(s => s.Model == name)),
            WatchAsync(Evidence.Where(e => e.Model == name)), WatchAsync(Manifests.Where(m => m.Model == name)));

        async Task WatchAsync<T>(DocumentQuery<T> query) where T : class, IEdgeDocument<T>
        {
            try
            {
                await foreach (var _ in query.WatchAsync(cancellationToken).ConfigureAwait(false))
                    changed();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }

    private async Task<RolloutOrder?> ReadAsync(OrderDocument document, CancellationToken cancellationToken)
    {
        if (_orders.TryGetValue(document.Id, out var known) && known.Text == document.Statement && known.Signature == document.Signature)
            return known.Order with { Stage = Math.Clamp(document.Stage.Value, 0, known.Order.Plan.StageCount) };
        if (SignedText.IdOf(document.Statement) != document.Id
            || SignedText.SignerOf(OrderStatement.Purpose, document.Statement, document.Signature) is not { } signer
            || !await _check.MayPublishAsync(signer, cancellationToken).ConfigureAwait(false)
            || OrderStatement.Read(document.Statement, document.Stage.Value) is not var (model, order) || model != document.Model)
            return null;
        if (_orders.Count >= OrdersKnownMax)
            _orders.Clear();
        _orders[document.Id] = (document.Statement, document.Signature, order);
        return order;
    }

    private static IEnumerable<RolloutEvidence> ReportsOf(EvidenceDocument document)
    {
        var device = ReplicaId.FromBytes(document.Device.ToByteArray(bigEndian: true));
        // A report under another id is nobody's, or it could be counted twice.
        if (document.Id != EvidenceId(document.Order, device))
            yield break;
        foreach (var (stage, frames) in document.Frames)
            yield return new(document.Order, device, stage, frames.Value, document.Faults.TryGetValue(stage, out var faults) ? faults.Value : 0);
    }

    private Task<Receipt> StopAsync(string name, RolloutOrder order, DocumentId id, string reason, CancellationToken cancellationToken) =>
        Stops.EditAsync(id, (name, order.Version, reason), static (document, s) => (document.Model, document.Version, document.Reason) = s, cancellationToken);

    private async Task<ModelVersion?> VersionOfAsync(RolloutOrder? order, List<EdgeModelException>? faults, CancellationToken cancellationToken)
    {
        if (order is null)
            return null;
        try
        {
            return await FindAsync(order.Version, cancellationToken).ConfigureAwait(false);
        }
        catch (EdgeModelException e)
        {
            faults?.Add(e);
            return null;
        }
    }

    // By order, so that replicas that come to one verdict write one document.
    private static DocumentId StopId(RolloutOrder order) => DocumentId.Named($"inference-stop/{order.Id.Value:N}");

    private static DocumentId EvidenceId(DocumentId order, ReplicaId device) => DocumentId.Named($"inference-evidence/{order.Value:N}/{device}");
}
