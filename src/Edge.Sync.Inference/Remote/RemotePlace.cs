using Edge.Sync.Inference.Remote;

namespace Edge.Sync.Inference;

/// <summary>Another replica as a place that computes: a request is a document, which an <see cref="InferenceWorker"/> over there answers, over whatever syncs the database. Safe for several threads.</summary>
/// <remarks>
/// A request is deleted once it is answered or given up, and what comes later is ignored. Deleted is not erased: the input stays in the history, as all that was written does. Whoever may read the database may read
/// the request: <see cref="RemotePlaceOptions.Reach"/> says how far that is, and <see cref="PlacedModel"/> keeps to it; a direct call does not ask. Have one of these for each place and model of a database.
/// </remarks>
public sealed class RemotePlace : IInferencePlace
{
    private const double RoundTripMemory = 0.8;

    private readonly EdgeDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _place, _model;
    private readonly RemotePlaceOptions _options;
    private readonly Lock _gate = new();
    private Task<Guid>? _start;
    private RemoteCounts _counts;
    private TimeSpan _roundTrip;
    private int _waiting;

    internal RemotePlace(EdgeDatabase database, TimeProvider time, string place, string model, RemotePlaceOptions options)
    {
        options.Validate();
        (_database, _time, _place, _model, _options, _roundTrip) = (database, time, place, model, options, options.Conditions.RoundTrip);
    }

    /// <summary>What became of its requests since it was made.</summary>
    public RemoteCounts Counts
    {
        get
        {
            lock (_gate)
                return _counts;
        }
    }

    /// <summary>The newest answer; null before the first.</summary>
    public RemoteAnswer? LastAnswer { get; private set; }

    /// <inheritdoc/>
    public PlaceConditions Conditions
    {
        get
        {
            var isAlive = _options.Conditions.IsAlive && _database.GetStatus().State == LinkState.Connected;
            lock (_gate)
                return _options.Conditions with { IsAlive = isAlive, RoundTrip = _roundTrip, Reach = _options.Reach };
        }
    }

    private DocumentSet<RequestDocument> Requests => _database.Documents<RequestDocument>();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is larger than <see cref="RemotePlaceOptions.RowBytesMax"/>.</exception>
    /// <exception cref="EdgeModelException">Too many requests wait, or what came is no answer of the length of <paramref name="output"/>.</exception>
    /// <exception cref="OperationCanceledException">No answer came in time.</exception>
    public async ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> output, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(input, cancellationToken).ConfigureAwait(false);
        if (answer.Output.Length != output.Length)
            throw Invalid($"answered with {answer.Output.Length} numbers; {output.Length} were asked for.");
        answer.Output.CopyTo(output);
    }

    /// <summary>Asks, and waits for the answer. The same as <see cref="RunAsync"/>, with where it comes from.</summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public async Task<RemoteAnswer> AskAsync(ReadOnlyMemory<float> input, CancellationToken cancellationToken = default)
    {
        Enter(input.Length);
        try
        {
            using var late = new CancellationTokenSource(_options.Patience, _time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
            var requester = await StartAsync().WaitAsync(stop.Token).ConfigureAwait(false);
            var id = _database.NewId();
            try
            {
                return await AskAsync(id, requester, input, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                await WithdrawAsync(id).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            Count(static counts => counts with { GivenUp = counts.GivenUp + 1 });
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<RemoteAnswer> AskAsync(DocumentId id, Guid requester, ReadOnlyMemory<float> input, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        await Requests.EditAsync(id, (Place: this, requester, input), static (document, s) =>
        {
            (document.Place, document.Model, document.Requester) = (s.Place._place, s.Place._model, s.requester);
            document.Input = FloatText.Write(s.input.Span);
            document.BudgetMs = (long)s.Place._options.Patience.TotalMilliseconds;
        }, cancellationToken).ConfigureAwait(false);
        await foreach (var found in Requests.Where(r => r.Id == id).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (found.Count == 0)
            {
                Count(static counts => counts with { GivenUp = counts.GivenUp + 1 });
                throw Invalid("dropped the request: it does not take such a row, or its model failed.");
            }
            if (found[0].Answer.Length > 0)
                return await ReadAsync(id, found[0].Answer, input, started, cancellationToken).ConfigureAwait(false);
        }
        throw new OperationCanceledException("The database was closed before an answer came.");
    }

    private async Task<RemoteAnswer> ReadAsync(DocumentId id, string text, ReadOnlyMemory<float> input, long started, CancellationToken cancellationToken)
    {
        // Who answered is not asked of the answer.
        var author = (await _database.AttributeAsync<RequestDocument>(id, cancellationToken).ConfigureAwait(false)).Find(nameof(RequestDocument.Answer))?.By.Replica;
        if (author is null || !AnswerText.TryRead(text, _options.RowBytesMax, out var said))
        {
            Count(static counts => counts with { Malformed = counts.Malformed + 1 });
            throw Invalid("answered with what is no answer.");
        }
        var answer = new RemoteAnswer(said.Row, new(_model, said.Version, said.Model, $"{_place}/{said.Backend}", InputVersion.Of(input.Span)), author.Value, said.Duration);
        var trip = _time.GetElapsedTime(started) - said.Duration;
        lock (_gate)
        {
            _counts = _counts with { Answered = _counts.Answered + 1 };
            _roundTrip = RoundTripMemory * _roundTrip + (1 - RoundTripMemory) * (trip > TimeSpan.Zero ? trip : TimeSpan.Zero);
            LastAnswer = answer;
        }
        return answer;
    }

    private void Enter(int width)
    {
        if (width == 0 || (long)width * sizeof(float) > _options.RowBytesMax)
        {
            Count(static counts => counts with { Refused = counts.Refused + 1 });
            throw new ArgumentException($"An input has 1 to {_options.RowBytesMax / sizeof(float)} numbers to be sent to '{_place}', not {width}. Raise {nameof(RemotePlaceOptions)}.{nameof(RemotePlaceOptions.RowBytesMax)} here and at the worker.", nameof(width));
        }
        if (Interlocked.Increment(ref _waiting) <= _options.WaitingMax)
            return;
        Interlocked.Decrement(ref _waiting);
        Count(static counts => counts with { Refused = counts.Refused + 1 });
        throw Invalid($"has {_options.WaitingMax} requests waiting: {nameof(RemotePlaceOptions)}.{nameof(RemotePlaceOptions.WaitingMax)}.");
    }

    private Task<Guid> StartAsync()
    {
        lock (_gate)
            return _start is null || _start.IsFaulted ? _start = SweepAsync() : _start;
    }

    // Nobody waits any more for what this replica asked before it was stopped.
    private async Task<Guid> SweepAsync()
    {
        var requester = new Guid((await _database.GetReplicaIdAsync().ConfigureAwait(false)).ToByteArray(), bigEndian: true);
        var (place, model) = (_place, _model);
        foreach (var left in await Requests.Where(r => r.Requester == requester && r.Place == place && r.Model == model).ToListAsync().ConfigureAwait(false))
            await WithdrawAsync(left.Id).ConfigureAwait(false);
        return requester;
    }

    private async Task WithdrawAsync(DocumentId id)
    {
        try
        {
            await RequestWithdrawal.WriteAsync(_database, id).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EdgeSyncException or ObjectDisposedException)
        {
            // The answer is as good; what is left is withdrawn at the next start.
        }
    }

    private void Count(Func<RemoteCounts, RemoteCounts> more)
    {
        lock (_gate)
            _counts = more(_counts);
    }

    private EdgeModelException Invalid(string what) => new(_model, null, $"The place '{_place}', asked for the model '{_model}', {what}");
}
