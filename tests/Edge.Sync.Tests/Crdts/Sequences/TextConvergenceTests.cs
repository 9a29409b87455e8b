using Edge.Sync.Crdts;

namespace Edge.Sync.Tests.Crdts.Sequences;

public sealed class TextConvergenceTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        // replicas, steps, greatest gap between the counters of one replica's edits
        { 1, 120, 0 },
        { 2, 120, 0 },
        { 3, 90, 1 },
        { 3, 60, 3 },
        { 5, 100, 1 },
        { 8, 120, 0 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Random_history_equals_the_model_on_every_replica(int replicas, int steps, int gap)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            try
            {
                var history = new TextHistory(seed, replicas, gap);
                history.Run(steps);
                foreach (var replica in history.Replicas)
                {
                    replica.Text.Check();
                    Assert.Equal(replica.Model.ToString(), replica.Text.ToString());
                }
                history.DeliverAll();
                var expected = history.Replicas[0].Model.ToString();
                var bytes = TextHistory.Encode(history.Replicas[0].Text);
                foreach (var replica in history.Replicas)
                {
                    replica.Text.Check();
                    Assert.Equal(expected, replica.Text.ToString());
                    Assert.Equal(bytes, TextHistory.Encode(replica.Text));
                }
                var replayed = history.Replay(seed + 1);
                replayed.Check();
                Assert.Equal(expected, replayed.ToString());
                Assert.Equal(bytes, TextHistory.Encode(replayed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}: {replicas} replicas, {steps} steps, gap {gap}.", e);
            }
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Long_history_converges_whatever_the_order_of_arrival(int replicas, int steps, int gap)
    {
        for (var seed = 100; seed < 104; seed++)
        {
            try
            {
                var history = new TextHistory(seed, replicas, gap);
                history.Run(steps * 20, withModel: false);
                history.DeliverAll(withModel: false);
                var bytes = TextHistory.Encode(history.Replicas[0].Text, out var table);
                foreach (var replica in history.Replicas)
                {
                    replica.Text.Check();
                    Assert.Equal(history.Replicas[0].Text.ToString(), replica.Text.ToString());
                    Assert.Equal(bytes, TextHistory.Encode(replica.Text));
                }
                Assert.Equal(bytes, TextHistory.Encode(history.Replay(seed)));
                Assert.Equal(bytes, TextHistory.Encode(TextHistory.DecodeState(bytes, table)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}: {replicas} replicas, {steps} steps, gap {gap}.", e);
            }
        }
    }

    [Fact]
    public void Replica_that_starts_from_a_stored_state_goes_on_like_the_others()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            try
            {
                var history = new TextHistory(seed, 4, seed % 3);
                for (var round = 0; round < 6; round++)
                {
                    history.Run(30);
                    var replica = history.Replicas[round % 4];
                    var bytes = TextHistory.Encode(replica.Text, out var table);
                    replica.Text = TextHistory.DecodeState(bytes, table);
                    replica.Text.Check();
                    Assert.Equal(replica.Model.ToString(), replica.Text.ToString());
                    Assert.Equal(bytes, TextHistory.Encode(replica.Text));
                }
                history.DeliverAll();
                foreach (var replica in history.Replicas)
                {
                    replica.Text.Check();
                    Assert.Equal(history.Replicas[0].Model.ToString(), replica.Text.ToString());
                    Assert.Equal(TextHistory.Encode(history.Replicas[0].Text), TextHistory.Encode(replica.Text));
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Failed with seed {seed}.", e);
            }
        }
    }

    [Fact]
    public void Delta_that_is_joined_again_changes_nothing()
    {
        var history = new TextHistory(7, 3, 1);
        history.Run(150);
        history.DeliverAll();
        var text = history.Replicas[0].Text;
        var bytes = TextHistory.Encode(text);
        foreach (var edit in history.AllEdits)
            text.Join(TextHistory.Decode(edit), default);
        text.Check();
        Assert.Equal(bytes, TextHistory.Encode(text));
    }
}
