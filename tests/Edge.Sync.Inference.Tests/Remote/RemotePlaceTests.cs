using Edge.Sync.Inference.Remote;
using Edge.Sync.Inference.Tests.Models;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Inference.Tests.Remote;

public class RemotePlaceTests
{
    private const int Width = 3;
    private static readonly float[] s_row = [1, 2, 3];
    private static readonly byte[] s_bytes = [1];
    private static readonly PlacementRequest s_anywhere = new(0.00001, 0.00001, PrivacyZone.Anywhere, TimeSpan.FromMinutes(5));

    [Fact]
    public async Task Request_is_computed_over_there_and_says_by_what_and_by_whom()
    {
        await using var peers = await Peers.OpenAsync();
        await using var worker = Worker(peers);
        await peers.ConnectAsync();
        var place = peers.DeviceAi.CreateRemotePlace("upstream", "sum");
        var model = new PlacedModel(new(), new Here(), upstream: place);
        var output = new float[1];
        for (var i = 0; i < 5; i++)
        {
            var (ranAt, decision) = await model.RunAsync(s_anywhere, new float[] { 1, 2, i }, output, Peers.Token);
            Assert.True(ranAt == ExecutionPlace.Upstream, decision.Explain());
            Assert.Equal(3f + i, output[0]);
        }
        var answer = place.LastAnswer!;
        Assert.Equal(await peers.Upstream.GetReplicaIdAsync(Peers.Token), answer.Replica);
        Assert.NotEqual(await peers.Device.GetReplicaIdAsync(Peers.Token), answer.Replica);
        Assert.Equal(("sum", 7L, peers.UpstreamAi.Models["sum"].Current!.Hash, InputVersion.Of([1, 2, 4])), (answer.Provenance.Model, answer.Provenance.Version, answer.Provenance.ModelHash, answer.Provenance.InputVersion));
        Assert.StartsWith("upstream/", answer.Provenance.Place, StringComparison.Ordinal);
        Assert.Equal((new RemoteCounts(5, 0, 0, 0), new WorkerCounts(5, 0, 0, 0), 0L), (place.Counts, worker.Counts, model.Fallbacks));
        // Nothing stays, on either side.
        await Peers.WhenAsync(peers.Device, static requests => requests.Count == 0);
        await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 0);
    }

    [Fact]
    public async Task Device_computes_when_the_link_is_cut_and_an_answer_that_comes_late_is_ignored()
    {
        await using var peers = await Peers.OpenAsync();
        await peers.ConnectAsync();
        var time = new FakeTimeProvider();
        var place = peers.DeviceAi.CreateRemotePlace("upstream", "sum");
        var model = new PlacedModel(new(), new Here(), upstream: place, timeProvider: time);
        var output = new float[1];
        var asked = model.RunAsync(s_anywhere, s_row, output, Peers.Token);
        await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 1);
        peers.Cut();
        // Over there somebody answers, whom nobody hears.
        await using var worker = Worker(peers);
        await Peers.WhenAsync(peers.Upstream, static requests => requests is [{ Answer.Length: > 0 }]);
        Assert.False(asked.IsCompleted);
        time.Advance(s_anywhere.Deadline);
        Assert.Equal(ExecutionPlace.Device, (await asked).RanAt);
        Assert.Equal((Here.Answer, 1L, new RemoteCounts(0, 1, 0, 0)), (output[0], model.Fallbacks, place.Counts));
        Assert.False(place.Conditions.IsAlive);
        Assert.Equal(PlaceBar.Liveness, (await model.RunAsync(s_anywhere, s_row, output, Peers.Token)).Decision[ExecutionPlace.Upstream].Bar);

        peers.Heal();
        await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 0);
        await Peers.WhenAsync(peers.Device, static requests => requests.Count == 0);
        Assert.Equal(Here.Answer, output[0]);
        Assert.Null(place.LastAnswer);
    }

    [Fact]
    public async Task Data_that_may_not_leave_are_never_written_into_the_database()
    {
        await using var peers = await Peers.OpenAsync();
        await using var worker = Worker(peers);
        await peers.ConnectAsync();
        var everywhere = peers.DeviceAi.CreateRemotePlace("upstream", "sum");
        // Two doors to the same worker: through a database that stays on the site, and through one that does not.
        var onSite = peers.DeviceAi.CreateRemotePlace("upstream", "sum", new() { Reach = PrivacyZone.Site });
        var output = new float[1];
        var before = await HistoryAsync(peers.Device);
        foreach (var (zone, gateway) in new[] { (PrivacyZone.Device, everywhere), (PrivacyZone.Device, onSite), (PrivacyZone.Site, everywhere), ((PrivacyZone)(-1), onSite), ((PrivacyZone)9, onSite) })
        {
            var (ranAt, decision) = await new PlacedModel(new(), new Here(), gateway, everywhere).RunAsync(s_anywhere with { Zone = zone }, s_row, output, Peers.Token);
            Assert.Equal((ExecutionPlace.Device, PlaceBar.Privacy, PlaceBar.Privacy), (ranAt, decision[ExecutionPlace.Gateway].Bar, decision[ExecutionPlace.Upstream].Bar));
        }
        Assert.Equal(before, await HistoryAsync(peers.Device));
        Assert.Equal((default, default, default(WorkerCounts)), (everywhere.Counts, onSite.Counts, worker.Counts));
        Assert.Equal(ExecutionPlace.Gateway, (await new PlacedModel(new(), new Here(), onSite, everywhere).RunAsync(s_anywhere with { Zone = PrivacyZone.Site }, s_row, output, Peers.Token)).RanAt);
        Assert.True(await HistoryAsync(peers.Device) > before, "the test would see what is written");
    }

    [Fact]
    public async Task Too_large_inputs_and_too_many_are_refused_before_anything_is_written()
    {
        await using var peers = await Peers.OpenAsync();
        var before = await HistoryAsync(peers.Device);
        var place = peers.DeviceAi.CreateRemotePlace("upstream", "sum", new() { RowBytesMax = 4 * Width, WaitingMax = 1 });
        var error = await Assert.ThrowsAsync<ArgumentException>(() => place.AskAsync(new float[Width + 1], Peers.Token));
        Assert.Contains("RowBytesMax", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => place.AskAsync(default, Peers.Token));
        Assert.Equal(before, await HistoryAsync(peers.Device));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Peers.Token);
        var waits = place.AskAsync(s_row, stop.Token);
        Assert.Contains("WaitingMax", (await Assert.ThrowsAsync<EdgeModelException>(() => place.AskAsync(s_row, Peers.Token))).Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.Equal(new RemoteCounts(0, 1, 3, 0), place.Counts);
        Assert.Empty(await peers.Device.Documents<RequestDocument>().ToListAsync(Peers.Token));
        Assert.Throws<ArgumentException>(() => peers.DeviceAi.CreateRemotePlace("upstream", "sum", new() { WaitingMax = 0 }));
    }

    [Fact]
    public async Task What_is_no_request_is_dropped_and_counted_and_the_next_is_answered()
    {
        await using var peers = await Peers.OpenAsync();
        await peers.ConnectAsync();
        var good = FloatText.Write(s_row);
        string[] inputs = ["", "%%%", good[..^4], good + "\n", FloatText.Write([1, 2]), FloatText.Write([1, float.NaN, 3]), FloatText.Write(new float[100_000]), good, good];
        for (var i = 0; i < inputs.Length; i++)
            await peers.Device.Documents<RequestDocument>().EditAsync(DocumentId.Named($"{i}"), (i, Input: inputs[i], Count: inputs.Length), static (document, s) =>
            {
                (document.Place, document.Model, document.Input, document.BudgetMs) = ("upstream", "sum", s.Input, s.i == s.Count - 1 ? -1 : 60_000);
                if (s.i != s.Count - 2)
                    document.Requester = new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);
            }, Peers.Token);
        // Another place and another model are none of its business.
        await peers.Device.Documents<RequestDocument>().EditAsync(DocumentId.Named("other"), static d => (d.Place, d.Model, d.Input, d.BudgetMs) = ("gateway", "sum", "%", 1), Peers.Token);
        await Peers.WhenAsync(peers.Upstream, requests => requests.Count == inputs.Length + 1);
        var runs = 0;
        await using var worker = Worker(peers, () => runs++);
        var warmUp = runs;
        await Peers.WhenAsync(peers.Device, static requests => requests is [{ Place: "gateway" }]);
        Assert.Equal((new WorkerCounts(0, 0, inputs.Length, 0), warmUp), (worker.Counts, runs));
        Assert.Equal(6f, (await peers.DeviceAi.CreateRemotePlace("upstream", "sum").AskAsync(s_row, Peers.Token)).Output.Span[0]);
    }

    [Theory]
    [InlineData("no answer")]
    [InlineData("{hash} 1 1 managed")]
    [InlineData("{hash} 1 1 managed AACAPw== more")]
    [InlineData("{hash} -1 1 managed AACAPw==")]
    [InlineData("{hash} 1 99999999999999999 managed AACAPw==")]
    [InlineData("{hash} 1 1 managed AADAfw==")]
    [InlineData("{hash} 1 1 managed AACAPwAAgD8=")]
    [InlineData("00 1 1 managed AACAPw==")]
    public async Task What_is_no_answer_leaves_the_request_to_the_device(string text)
    {
        await using var peers = await Peers.OpenAsync();
        await peers.ConnectAsync();
        var place = peers.DeviceAi.CreateRemotePlace("upstream", "sum");
        var model = new PlacedModel(new(), new Here(), upstream: place);
        var output = new float[1];
        var asked = model.RunAsync(s_anywhere, s_row, output, Peers.Token);
        var request = (await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 1))[0];
        var answer = text.Replace("{hash}", ModelHash.Of(s_bytes).ToString(), StringComparison.Ordinal);
        await peers.Upstream.Documents<RequestDocument>().EditAsync(request.Id, document => document.Answer = answer, Peers.Token);
        Assert.Equal(ExecutionPlace.Device, (await asked).RanAt);
        Assert.Equal((Here.Answer, 1L), (output[0], model.Fallbacks));
        Assert.Equal(text.Contains("AAgD8", StringComparison.Ordinal) ? 0 : 1, place.Counts.Malformed);
    }

    [Fact]
    public async Task Model_that_fails_over_there_is_told_at_once_and_what_a_stopped_device_left_is_withdrawn()
    {
        await using var peers = await Peers.OpenAsync();
        var device = new Guid((await peers.Device.GetReplicaIdAsync(Peers.Token)).ToByteArray(), bigEndian: true);
        await peers.Device.Documents<RequestDocument>().EditAsync(DocumentId.Named("left"), device, static (d, device) => (d.Place, d.Model, d.Input, d.BudgetMs, d.Requester) = ("upstream", "sum", "AACAPw==", 1, device), Peers.Token);
        await peers.ConnectAsync();
        var fails = false;
        await using var worker = Worker(peers, () => Assert.False(fails, "the model fails"));
        fails = true;
        var place = peers.DeviceAi.CreateRemotePlace("upstream", "sum");
        await Assert.ThrowsAsync<EdgeModelException>(() => place.AskAsync(s_row, Peers.Token));
        Assert.Equal((1L, 1L), (place.Counts.GivenUp, worker.Counts.Failed));
        Assert.Equal((InferenceHealthState.Degraded, InferenceHealthState.Healthy), (peers.UpstreamAi.GetHealth().State, peers.DeviceAi.GetHealth().State));
        Assert.Empty(await peers.Device.Documents<RequestDocument>().ToListAsync(Peers.Token));
        fails = false;
        Assert.Equal(6f, (await place.AskAsync(s_row, Peers.Token)).Output.Span[0]);
    }

    [Fact]
    public async Task Answer_to_a_request_that_was_withdrawn_meanwhile_does_not_bring_it_back()
    {
        await using var peers = await Peers.OpenAsync();
        await peers.ConnectAsync();
        var (isAsked, computing, go) = (false, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        await using var worker = Worker(peers, () =>
        {
            if (!isAsked)
                return;
            computing.TrySetResult();
            go.Task.Wait(Peers.Token);
        });
        isAsked = true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Peers.Token);
        var asked = peers.DeviceAi.CreateRemotePlace("upstream", "sum").AskAsync(s_row, stop.Token);
        await computing.Task.WaitAsync(Peers.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 0);
        isAsked = false;
        go.SetResult();
        // The next is answered after the one that is over.
        Assert.Equal(6f, (await peers.DeviceAi.CreateRemotePlace("upstream", "sum").AskAsync(s_row, Peers.Token)).Output.Span[0]);
        Assert.Equal(new WorkerCounts(1, 1, 0, 0), worker.Counts);
        await Peers.WhenAsync(peers.Upstream, static requests => requests.Count == 0);
    }

    [Fact]
    public async Task Worker_ends_quietly_with_its_database_and_a_name_that_is_too_long_does_not_spoil_its_answers()
    {
        await using var peers = await Peers.OpenAsync();
        var worker = Worker(peers);
        await peers.Upstream.DisposeAsync();
        await worker.Completion.WaitAsync(Peers.Token);
        await worker.DisposeAsync();
        foreach (var backend in new[] { new string('a', 1_000), "two words", "" })
            Assert.True(AnswerText.TryRead(new AnswerText(ModelHash.Of(s_bytes), null, TimeSpan.FromMilliseconds(1), backend, [1]).ToString(), 4, out _), backend);
    }

    private static InferenceWorker Worker(Peers peers, Action? onRun = null)
    {
        peers.UpstreamAi.Models.Serve(ModelContent.FromFunction("sum", Width, 1, (input, output) =>
        {
            onRun?.Invoke();
            output[0] = input[0] + input[1] + input[2];
        }, version: 7));
        return peers.UpstreamAi.StartWorker("upstream", "sum", Width);
    }

    private static async Task<int> HistoryAsync(EdgeDatabase database)
    {
        using var lines = new MemoryStream();
        await database.ExportAsync(lines, cancellationToken: Peers.Token);
        return (int)lines.Length;
    }

    /// <summary>So dear that nothing is computed here which may be computed elsewhere, however slow the machine is that runs the test.</summary>
    private sealed class Here : IInferencePlace
    {
        private const double Price = 1e9;

        public const float Answer = -1;

        public PlaceConditions Conditions => new(IsAlive: true, IsCapable: true, default, 0, 0, default, Price);

        public ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken)
        {
            output.Span[0] = Answer;
            return default;
        }
    }
}
