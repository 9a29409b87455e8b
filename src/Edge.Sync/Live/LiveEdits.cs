using System.Runtime.ExceptionServices;
using Edge.Sync.Documents;
using Edge.Sync.Scheduling;

namespace Edge.Sync.Live;

/// <summary>The edits that setters of live documents queue: those that wait for one document are one change. Safe for use by several threads at once.</summary>
/// <param name="scheduler">Where writing starts.</param>
/// <param name="write">Runs edits of a document in a callback. Gives the version of the document that has them.</param>
internal sealed class LiveEdits(EdgeScheduler scheduler, Func<DocumentId, Action<FieldStore>, Task<long>> write) : ILiveEdits
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FieldStore, Waiting> _waiting = [];
    private readonly Queue<FieldStore> _order = [];
    private Action<Action>? _dispatch;
    private Action<Exception>? _handlerFailed;
    private TaskCompletionSource? _idle;
    private Exception? _failure;
    private long _lastTicket;
    private bool _isWriting;

    /// <summary>Names the live object whose documents these are.</summary>
    /// <param name="dispatch">Runs something where it changes.</param>
    /// <param name="handlerFailed">Takes what a handler of a document's events has thrown.</param>
    public void Connect(Action<Action> dispatch, Action<Exception> handlerFailed) => (_dispatch, _handlerFailed) = (dispatch, handlerFailed);

    public long Queue(FieldStore document, Action<FieldStore> edit)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(document, out var waiting))
            {
                _waiting.Add(document, waiting = new());
                _order.Enqueue(document);
            }
            waiting.Edits.Add(edit);
            waiting.Ticket = ++_lastTicket;
            if (!_isWriting)
            {
                _isWriting = true;
                scheduler.Post(() => _ = WriteAsync());
            }
            return waiting.Ticket;
        }
    }

    public void OnHandlerFailed(Exception exception) => _handlerFailed?.Invoke(exception);

    /// <summary>Waits for what is queued. Throws what failed first since the last call.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Task idle;
        lock (_lock) idle = _isWriting ? (_idle ??= new()).Task : Task.CompletedTask;
        await scheduler.JoinAsync(idle, cancellationToken).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _failure, null) is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    // One change after the other: edits of one document keep their order, and those that come meanwhile are taken together.
    private async Task WriteAsync()
    {
        while (TakeNext(out var document, out var waiting))
        {
            long? version = null;
            try
            {
                version = await write(document.Id, draft =>
                {
                    foreach (var edit in waiting.Edits) edit(draft);
                }).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException) { Interlocked.CompareExchange(ref _failure, e, null); }
            _dispatch?.Invoke(() => document.Settle(waiting.Ticket, version));
        }
    }

    private bool TakeNext(out FieldStore document, out Waiting waiting)
    {
        lock (_lock)
        {
            if (_order.TryDequeue(out document!))
            {
                _waiting.Remove(document, out waiting!);
                return true;
            }
            waiting = null!;
            _isWriting = false;
            _idle?.TrySetResult();
            _idle = null;
            return false;
        }
    }

    private sealed class Waiting
    {
        public List<Action<FieldStore>> Edits { get; } = [];

        public long Ticket { get; set; }
    }
}
