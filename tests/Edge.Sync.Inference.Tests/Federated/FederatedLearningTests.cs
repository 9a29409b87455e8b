namespace Edge.Sync.Inference.Tests.Federated;

public class FederatedLearningTests
{
    [Fact]
    public async Task Round_is_the_same_bits_on_every_replica_under_duplicates_and_partitions()
    {
        await using var replicas = await Replicas.OpenAsync(4);
        var fleet = await FleetAsync(replicas);
        for (var round = 0; round < 3; round++)
        {
            for (var device = 0; device < 4; device++)
            {
                // Device 3 is cut off in the second round.
                if (round == 1 && device == 3)
                    continue;
                var (open, network) = await fleet[device].OpenAsync();
                Assert.Equal(round, open);
                Learn(network, seed: device);
                Assert.True(await fleet[device].ContributeAsync(round, network));
                Assert.False(await fleet[device].ContributeAsync(round, network));
                await replicas.PushAsync(device, 0);
                await replicas.PushAsync(device, 0);
            }
            var closed = await fleet[0].TryCloseAsync();
            Assert.Equal(round == 1 ? 3 : 4, closed!.Members.Count);
            await replicas.ConvergeAsync();
            var first = (await fleet[0].ListAsync())[round].Parameters.ToArray();
            Assert.Equal(first, closed.Parameters.ToArray());
            for (var device = 1; device < 4; device++)
                Assert.Equal(first, (await fleet[device].ListAsync())[round].Parameters.ToArray());
        }
        Assert.Equal(double.PositiveInfinity, (await fleet[1].GetAccountAsync()).Rho);
    }

    [Fact]
    public async Task Contribution_after_the_close_does_not_count()
    {
        await using var replicas = await Replicas.OpenAsync(3);
        var fleet = await FleetAsync(replicas, new() { DevicesMin = 2 });
        await ContributeAsync(replicas, fleet, 0);
        Assert.Null(await fleet[0].TryCloseAsync());
        await ContributeAsync(replicas, fleet, 1);
        var closed = await fleet[0].TryCloseAsync();
        Assert.Equal(2, closed!.Members.Count);
        // Device 2 has not heard of the close.
        await ContributeAsync(replicas, fleet, 2);
        await replicas.ConvergeAsync();
        foreach (var device in fleet)
        {
            var round = Assert.Single(await device.ListAsync());
            Assert.Equal(closed.Parameters.ToArray(), round.Parameters.ToArray());
        }
        Assert.False(await fleet[2].ContributeAsync(0, (await fleet[2].OpenAsync()).Network));
    }

    [Fact]
    public async Task Result_that_is_not_what_the_contributions_come_to_is_refused()
    {
        await using var replicas = await Replicas.OpenAsync(3);
        var fleet = await FleetAsync(replicas);
        for (var device = 0; device < 3; device++)
            await ContributeAsync(replicas, fleet, device);
        await fleet[0].TryCloseAsync();
        var rounds = replicas[0].Documents<RoundDocument>();
        var document = (await rounds.ToListAsync()).Single();
        var statement = RoundStatement.Read(document.Statement)!;
        var parameters = FederatedAggregate.Read(statement.Result, (await fleet[0].OpenAsync()).Network.Parameters.Length)!;
        parameters[0] = MathF.BitIncrement(parameters[0]);
        var forged = (statement with { Result = FederatedAggregate.ToText(parameters) }).ToJson();

        await rounds.EditAsync(document.Id, d => d.Statement = forged);
        Assert.Contains("not signed", (await Assert.ThrowsAsync<EdgeModelException>(() => fleet[0].ListAsync())).Message, StringComparison.Ordinal);
        var signature = await SignedText.SignAsync(replicas[0], RoundStatement.Purpose, forged, default);
        await rounds.EditAsync(document.Id, d => d.Signature = signature);
        Assert.Contains("not what its contributions", (await Assert.ThrowsAsync<EdgeModelException>(() => fleet[0].ListAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_is_drawn_once_and_accounted_for()
    {
        await using var replicas = await Replicas.OpenAsync(3);
        var fleet = await FleetAsync(replicas, new() { NoiseMultiplier = 2 });
        for (var device = 0; device < 3; device++)
            await ContributeAsync(replicas, fleet, device);
        var closed = await fleet[0].TryCloseAsync();
        await replicas.ConvergeAsync();
        Assert.Equal(closed!.Parameters.ToArray(), Assert.Single(await fleet[2].ListAsync()).Parameters.ToArray());
        Assert.Equal(1 / 8.0, (await fleet[2].GetAccountAsync()).Rho, 12);
    }

    [Fact]
    public async Task What_was_learned_together_is_published_with_the_metadata_of_its_origin()
    {
        await using var replicas = await Replicas.OpenAsync(3);
        var fleet = await FleetAsync(replicas);
        await Assert.ThrowsAsync<InvalidOperationException>(() => fleet[0].PublishAsync(new(2)));
        for (var device = 0; device < 3; device++)
            await ContributeAsync(replicas, fleet, device);
        await fleet[0].TryCloseAsync();
        var next = await fleet[0].PublishAsync(new(2));
        Assert.Equal(("sine", 2L), (next.Name, next.Version));
        await using var ai = EdgeInference.Create(replicas[0]);
        var bytes = await ai.Models.ReadAsync(next);
        Assert.Equal((await fleet[0].OpenAsync()).Network.Parameters.ToArray(), TrainableNetwork.FromOnnx("sine", bytes.Span).Parameters.ToArray());
        Assert.Equal("0.5", Edge.Sync.Inference.Onnx.OnnxFile.TryRead(bytes.Span)!.Metadata[ModelMetadataKeys.ScoreScale]);
    }

    [Fact]
    public void Model_that_is_no_chain_of_dense_layers_cannot_learn()
    {
        var graph = new Edge.Sync.Inference.Onnx.OnnxGraph("odd");
        graph.Output("y", graph.Mul(graph.Input("x", 3), [1, 2, 3]));
        Assert.Throws<EdgeModelException>(() => TrainableNetwork.FromOnnx("odd", graph.ToArray()));
        Assert.Throws<EdgeModelException>(() => TrainableNetwork.FromOnnx("odd", "no model"u8));
        var network = TrainableNetwork.Dense([3, 4, 2], LayerActivation.Relu, LayerActivation.Sigmoid, seed: 4);
        var again = TrainableNetwork.FromOnnx("net", network.ToOnnx("net").ToArray());
        Assert.Equal(network.Parameters, again.Parameters);
        Assert.Equal(network.ToOnnx("net").ToArray(), again.ToOnnx("net").ToArray());
    }

    private static async Task<List<FederatedLearning>> FleetAsync(Replicas replicas, FederatedOptions? options = null)
    {
        var graph = TrainableNetwork.Autoencoder(6, 3, seed: 1).ToOnnx("sine");
        graph.Metadata(ModelMetadataKeys.ScoreScale, [0.5f]);
        var models = EdgeInference.Create(replicas[0]).Models;
        var version = await models.PublishAsync("sine", new MemoryStream(graph.ToArray()), new(1));
        await replicas.ConvergeAsync();
        var fleet = new List<FederatedLearning>();
        for (var i = 0; i < replicas.Count; i++)
        {
            var ai = EdgeInference.Create(replicas[i]);
            fleet.Add(ai.Federate((await ai.Models.ListAsync("sine")).Single(v => v.Id == version.Id), options));
        }
        return fleet;
    }

    private static async Task ContributeAsync(Replicas replicas, List<FederatedLearning> fleet, int device)
    {
        var (round, network) = await fleet[device].OpenAsync();
        Learn(network, seed: device);
        Assert.True(await fleet[device].ContributeAsync(round, network));
        if (device > 0)
            await replicas.PushAsync(device, 0);
    }

    private static void Learn(TrainableNetwork network, int seed)
    {
        var random = new Random(seed);
        var data = new TrainingSet(network.InputWidth, network.InputWidth);
        for (var i = 0; i < 40; i++)
            data.Add([.. Enumerable.Range(0, network.InputWidth).Select(j => MathF.Sin(i * 0.3f + j) + 0.1f * random.NextSingle())]);
        new Trainer(network, new() { LearningRate = 0.02f }).TrainEpochs(data, 2);
    }
}
