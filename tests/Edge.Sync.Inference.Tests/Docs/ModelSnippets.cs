// As people write it.
#pragma warning disable CA2016, xUnit1051
namespace Edge.Sync.Inference.Tests.Docs;

/// <summary>The code of docs/models.md and docs/learning.md.</summary>
[Collection(nameof(OwnFolder))]
public sealed class ModelSnippets(OwnFolder folder)
{
    [Fact]
    public async Task Version_is_published_rolled_out_followed_and_taken_back()
    {
        using var entered = folder.Enter();
        await using var db = await EdgeDatabase.OpenAsync("press-3.db");
        await using var ai = EdgeInference.Create(db);
        using var onnx = new MemoryStream(TrainableNetwork.Autoencoder(24, hidden: 8, seed: 1).ToOnnx("press-ae", version: 8).ToArray());
        // snippet: roll-out
        var version = await ai.Models.PublishAsync("press-ae", onnx, new ModelManifest(Version: 8, FeatureSet: "vibration-24"));
        await ai.Models.RollOutAsync(version, new RolloutPlan { ShadowSample = 0.02, ShadowTolerance = 0.5, CanaryPercent = [5, 25, 100] });

        await using var follower = await ai.Models.FollowAsync("press-ae");   // on every device: serve whatever is its turn
        await ai.Models.RollBackAsync("press-ae", "operator heard a noise");  // anywhere, offline too
        // end
        Assert.Null((await ai.Models.GetRolloutAsync("press-ae")).Candidate);
    }

    [Fact]
    public async Task Network_learns_alone_and_with_others()
    {
        using var entered = folder.Enter();
        var cancellationToken = TestContext.Current.CancellationToken;
        var row = new float[24];
        Array.Fill(row, 0.5f);
        // snippet: train
        var data = new TrainingSet(inputWidth: 24, targetWidth: 24);
        data.Add(row);                                                        // for an autoencoder the row is its own target
        var trainer = new Trainer(TrainableNetwork.Autoencoder(24, hidden: 8, seed: 1), new() { InputNoise = 0.3f });
        trainer.TrainEpochs(data, 30, cancellationToken);                     // false: it was cancelled, between two steps
        File.WriteAllBytes("training.checkpoint", trainer.ToCheckpoint());    // Trainer.Resume goes on from there, bit for bit
        byte[] onnx = trainer.Network.ToOnnx("press-ae", version: 9).ToArray();
        // end
        await using var db = await EdgeDatabase.OpenAsync("press-3.db");
        await using var ai = EdgeInference.Create(db);
        var version = await ai.Models.PublishAsync("press-ae", new MemoryStream(onnx), new ModelManifest(Version: 1));
        void Learn(TrainableNetwork network) => new Trainer(network, new()).TrainEpochs(data, 1, cancellationToken);
        const int Alone = 1;
        // snippet: federate
        var rounds = ai.Federate(version, new FederatedOptions { Clip = 2, NoiseMultiplier = 1, DevicesMin = Alone });
        var (round, network) = await rounds.OpenAsync();                      // where the last round ended
        Learn(network);                                                       // rows stay here
        await rounds.ContributeAsync(round, network);                         // the clipped change, once per device and round
        await rounds.TryCloseAsync();                                         // on the one device that coordinates
        var next = await rounds.PublishAsync(new ModelManifest(Version: 2));  // then RollOutAsync, as for any version
        // end
        Assert.Equal(2, next.Version);
    }
}
