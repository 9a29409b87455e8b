using System.Security.Cryptography;
using System.Text;
using Edge.Sync.Inference.Onnx;

namespace Edge.Sync.Inference;

/// <summary>Rounds in which devices improve one model together, each from data that stay with it. Safe for several threads.</summary>
/// <remarks>
/// In a round each device learns from where the last one ended, and contributes its change: clipped, in whole numbers, under the key (model, round, device), so that duplicates and
/// order are of no account. One device, the coordinator, closes the round: it freezes whose contributions count, by their hashes. What the round comes to is a pure function of
/// those: every replica that has them can compute it, bit for bit, and with no noise does. A later contribution does not count; its device takes part in the next round. If two close one round apart from each
/// other, one of the two closings holds everywhere once they have met; with noise, both were drawn, so let one device coordinate.
/// </remarks>
public sealed class FederatedLearning
{
    private readonly EdgeDatabase _database;
    private readonly ModelRegistry _models;
    private readonly FederatedOptions _options;
    private readonly ulong? _noiseSeed;

    internal FederatedLearning(EdgeDatabase database, ModelRegistry models, ModelVersion from, FederatedOptions options, ulong? noiseSeed = null)
    {
        options.Validate();
        (_database, _models, From, _options, _noiseSeed) = (database, models, from, options, noiseSeed);
    }

    /// <summary>The version that the rounds begin with. It must be a chain of dense layers; see <see cref="TrainableNetwork.FromOnnx"/>.</summary>
    public ModelVersion From { get; }

    private DocumentSet<ContributionDocument> Contributions => _database.Documents<ContributionDocument>();

    private DocumentSet<RoundDocument> Rounds => _database.Documents<RoundDocument>();

    /// <summary>The rounds that are closed and known here, without a gap from the first.</summary>
    /// <exception cref="EdgeModelException">A closing is not signed by a publisher, or what it says is not what its contributions come to.</exception>
    public async Task<IReadOnlyList<FederatedRound>> ListAsync(CancellationToken cancellationToken = default)
    {
        var start = (await StartAsync(cancellationToken).ConfigureAwait(false)).Parameters.ToArray();
        var rounds = new List<FederatedRound>();
        while (await Rounds.FindAsync(RoundId(rounds.Count), cancellationToken).ConfigureAwait(false) is { Statement.Length: > 0 } document)
        {
            var round = await CheckAsync(document, rounds.Count, start, cancellationToken).ConfigureAwait(false);
            rounds.Add(round);
            start = round.Parameters.ToArray();
        }
        return rounds;
    }

    /// <summary>The network to learn with in the round that is open: a copy of where the last one ended.</summary>
    public async Task<(int Round, TrainableNetwork Network)> OpenAsync(CancellationToken cancellationToken = default)
    {
        var network = await StartAsync(cancellationToken).ConfigureAwait(false);
        var rounds = await ListAsync(cancellationToken).ConfigureAwait(false);
        if (rounds.Count > 0)
            rounds[^1].Parameters.CopyTo(network.Parameters);
        return (rounds.Count, network);
    }

    /// <summary>Contributes what this device has learned in a round.</summary>
    /// <returns>False where the round is closed, or where this device has contributed to it: the first contribution counts.</returns>
    /// <exception cref="ArgumentException">The network is another one, or is not finite.</exception>
    public async Task<bool> ContributeAsync(int round, TrainableNetwork learned, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(learned);
        var (open, start) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (learned.Parameters.Length != start.Parameters.Length)
            throw new ArgumentException($"The network has {learned.Parameters.Length} parameters, and {From} has {start.Parameters.Length}.", nameof(learned));
        var device = await _database.GetReplicaIdAsync(cancellationToken).ConfigureAwait(false);
        var id = ContributionId(round, device);
        if (open != round || await Contributions.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Values.Length: > 0 })
            return false;
        var values = FixedPoint.ToText(FixedPoint.Clip(start.Parameters, learned.Parameters, _options.Clip));
        await Contributions.EditAsync(id, (From, round, device, values), static (document, s) =>
        {
            (document.Model, document.Base, document.Round) = (s.From.Name, s.From.Id, s.round);
            (document.Device, document.Values) = (new(s.device.ToByteArray(), bigEndian: true), s.values);
        }, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Closes the round that is open, if enough devices have contributed; one device of a fleet does that.</summary>
    /// <returns>The round; null where too few have contributed so far.</returns>
    public async Task<FederatedRound?> TryCloseAsync(CancellationToken cancellationToken = default)
    {
        var (round, start) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        var count = start.Parameters.Length;
        var (name, from) = (From.Name, From.Id);
        var members = new SortedDictionary<ReplicaId, (string Hash, int[] Values)>();
        foreach (var document in await Contributions.Where(c => c.Model == name && c.Round == round).ToListAsync(cancellationToken).ConfigureAwait(false))
        {
            var device = ReplicaId.FromBytes(document.Device.ToByteArray(bigEndian: true));
            if (document.Base == from && document.Id == ContributionId(round, device) && FixedPoint.Read(document.Values, count) is { } values)
                members[device] = (HashOf(document.Values), values);
        }
        if (members.Count < _options.DevicesMin)
            return null;
        var noise = GaussianNoise.Draw(count, _options.NoiseMultiplier, _noiseSeed + (ulong)round);
        var result = FederatedAggregate.Compute(start.Parameters, [.. members.Values.Select(static m => m.Values)], _options.Clip, noise);
        var text = new RoundStatement(from, round, _options.Clip, _options.NoiseMultiplier, [.. members.Select(static m => (m.Key, m.Value.Hash))], FederatedAggregate.ToText(result)).ToJson();
        var signature = await SignedText.SignAsync(_database, RoundStatement.Purpose, text, cancellationToken).ConfigureAwait(false);
        await Rounds.EditAsync(RoundId(round), (name, text, signature), static (document, s) => (document.Model, document.Statement, document.Signature) = s, cancellationToken).ConfigureAwait(false);
        return new(round, [.. members.Keys], _options.NoiseMultiplier, result);
    }

    /// <summary>Publishes where the last closed round has ended as the next version of the model, with the metadata of the one that the rounds began with. Roll it out like any other.</summary>
    /// <exception cref="InvalidOperationException">No round is closed.</exception>
    public async Task<ModelVersion> PublishAsync(ModelManifest manifest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var (round, network) = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (round == 0)
            throw new InvalidOperationException($"No round of {From} is closed, so there is nothing new to publish.");
        var graph = network.ToOnnx(From.Name, manifest.Version);
        foreach (var (key, value) in OnnxFile.TryRead((await _models.ReadAsync(From, cancellationToken).ConfigureAwait(false)).Span)!.Metadata)
            graph.Metadata(key, value);
        using var onnx = new MemoryStream(graph.ToArray());
        return await _models.PublishAsync(From.Name, onnx, manifest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the closed rounds have spent; infinite where one had no noise.</summary>
    public async Task<GaussianAccountant> GetAccountAsync(CancellationToken cancellationToken = default)
    {
        var account = new GaussianAccountant();
        foreach (var round in await ListAsync(cancellationToken).ConfigureAwait(false))
            account.Spend(round.NoiseMultiplier);
        return account;
    }

    private async Task<TrainableNetwork> StartAsync(CancellationToken cancellationToken) =>
        TrainableNetwork.FromOnnx(From.Name, (await _models.ReadAsync(From, cancellationToken).ConfigureAwait(false)).Span);

    private async Task<FederatedRound> CheckAsync(RoundDocument document, int number, float[] start, CancellationToken cancellationToken)
    {
        EdgeModelException Refused(string fault) => new(From.Name, From.Version, $"Round {number} of {From} is refused: {fault}.");

        if (SignedText.SignerOf(RoundStatement.Purpose, document.Statement, document.Signature) is not { } signer || !await _models.Catalog.MayPublishAsync(signer, cancellationToken).ConfigureAwait(false))
            throw Refused("its closing is not signed by a publisher");
        if (RoundStatement.Read(document.Statement) is not { } round || round.Base != From.Id || round.Round != number || FederatedAggregate.Read(round.Result, start.Length) is not { } result)
            throw Refused("its closing cannot be read");
        if (round.NoiseMultiplier == 0)
            await CompareAsync(round, start, result, Refused, cancellationToken).ConfigureAwait(false);
        return new(number, [.. round.Members.Select(static m => m.Device)], round.NoiseMultiplier, result);
    }

    // Without noise anybody can do the sum. Where a contribution has been removed since, the coordinator's word stands.
    private async Task CompareAsync(RoundStatement round, float[] start, float[] result, Func<string, EdgeModelException> refused, CancellationToken cancellationToken)
    {
        var changes = new List<int[]>();
        foreach (var (device, hash) in round.Members)
        {
            if (await Contributions.FindAsync(ContributionId(round.Round, device), cancellationToken).ConfigureAwait(false) is not { Values.Length: > 0 } contribution || HashOf(contribution.Values) != hash)
                return;
            changes.Add(FixedPoint.Read(contribution.Values, start.Length) ?? throw refused($"the contribution of {device} is longer than the clip"));
        }
        if (changes.Count == 0 || !FederatedAggregate.Compute(start, changes, round.Clip).AsSpan().SequenceEqual(result))
            throw refused("its result is not what its contributions come to");
    }

    private static string HashOf(string values) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values)));

    private DocumentId RoundId(int round) => DocumentId.Named($"inference-round/{From.Id.Value:N}/{round}");

    private DocumentId ContributionId(int round, ReplicaId device) => DocumentId.Named($"inference-contribution/{From.Id.Value:N}/{round}/{device}");
}
