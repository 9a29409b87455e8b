using Edge.Sync.Inference.Remote;
using Edge.Sync.Inference.Serving;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference;

/// <summary>Computes what other replicas ask a place for, with the version that serves here, one request after another; runs until it is disposed. Safe for several threads.</summary>
/// <remarks>Requests come from other replicas: what is no request is deleted and counted, and never reaches the model. Two workers of one place may both compute a request; one answer counts.</remarks>
public sealed class InferenceWorker : IAsyncDisposable, IHealthSource
{
    // A look holds so many rows of others at once, however many there are.
    private const int FoundMax = 64;

    private readonly Action<InferenceWorker> _disown;
    private readonly EdgeDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _place, _model;
    private readonly int _rowBytesMax;
    private readonly RowUser _user;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private WorkerCounts _counts;

    internal InferenceWorker(Action<InferenceWorker> disown, EdgeDatabase database, TimeProvider time, ModelSlot slot, string place, int inputWidth, int rowBytesMax)
    {
        (_disown, _database, _time, _place, _model, _rowBytesMax) = (disown, database, time, place, slot.Name, rowBytesMax);
        _user = new(slot, time, inputWidth);
        slot.Attach(_user);
        Completion = RunAsync(_stop.Token);
    }

    /// <summary>Ends once it is disposed or its database is closed; faulted where it could not go on.</summary>
    public Task Completion { get; }

    /// <summary>What became of the requests that it found.</summary>
    public WorkerCounts Counts
    {
        get
        {
            lock (_gate)
                return _counts;
        }
    }

    private DocumentSet<RequestDocument> Requests => _database.Documents<RequestDocument>();

    /// <summary>Ends it, after the request that it is at.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _user.Dispose();
        _disown(this);
    }

    InferenceHealth IHealthSource.GetHealth()
    {
        if (Completion.IsFaulted)
            return new(InferenceHealthState.Unhealthy, [$"{_model}: the worker '{_place}' has ended: {Completion.Exception.InnerException!.Message}"]);
        return Counts.Failed > 0 ? new(InferenceHealthState.Degraded, [$"{_model}: the worker '{_place}' failed at {Counts.Failed} requests"]) : new(InferenceHealthState.Healthy, []);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var (place, model) = (_place, _model);
        var waiting = Requests.Where(r => r.Place == place && r.Model == model && r.Answer == "").Take(FoundMax);
        // A result may be older than what was done since; what is done is remembered for as long as it is shown.
        var done = new HashSet<DocumentId>();
        try
        {
            await foreach (var found in waiting.WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                done.IntersectWith(found.Select(static request => request.Id));
                var seen = _time.GetTimestamp();
                foreach (var request in found)
                    if (done.Add(request.Id))
                        await ServeAsync(request, seen, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            // The database was closed, or this was disposed.
        }
    }

    private async Task ServeAsync(RequestDocument request, long seen, CancellationToken cancellationToken)
    {
        if (request.Requester == Guid.Empty || request.BudgetMs <= 0 || !FloatText.TryRead(request.Input, _rowBytesMax, out var row) || row.Length != _user.InputWidth)
        {
            await DropAsync(request.Id, static counts => counts with { Malformed = counts.Malformed + 1 }, cancellationToken).ConfigureAwait(false);
            return;
        }
        // By this clock alone: the two need not agree.
        if (_time.GetElapsedTime(seen).TotalMilliseconds > request.BudgetMs)
        {
            await DropAsync(request.Id, static counts => counts with { Expired = counts.Expired + 1 }, cancellationToken).ConfigureAwait(false);
            return;
        }
        string answer;
        try
        {
            var started = _time.GetTimestamp();
            var (output, served) = _user.Run(row);
            if (output.Length * (long)sizeof(float) > _rowBytesMax)
                throw new EdgeModelException(_model, served.Version, $"The model '{_model}' answers {output.Length} numbers, more than are sent.");
            answer = new AnswerText(served.Hash, served.Version, _time.GetElapsedTime(started), served.Place, output).ToString();
        }
        catch (EdgeModelException)
        {
            await DropAsync(request.Id, static counts => counts with { Failed = counts.Failed + 1 }, cancellationToken).ConfigureAwait(false);
            return;
        }
        if (await RequestWithdrawal.TryAnswerAsync(_database, request.Id, answer, cancellationToken).ConfigureAwait(false))
            Count(static counts => counts with { Answered = counts.Answered + 1 });
        else
            Count(static counts => counts with { Expired = counts.Expired + 1 });
    }

    private async Task DropAsync(DocumentId id, Func<WorkerCounts, WorkerCounts> more, CancellationToken cancellationToken)
    {
        Count(more);
        await RequestWithdrawal.WriteAsync(_database, id, cancellationToken).ConfigureAwait(false);
    }

    private void Count(Func<WorkerCounts, WorkerCounts> more)
    {
        lock (_gate)
            _counts = more(_counts);
    }
}
