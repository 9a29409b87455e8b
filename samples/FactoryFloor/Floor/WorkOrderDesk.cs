using Edge.Sync;

namespace FactoryFloor.Floor;

/// <summary>Opens a work order for each alarm of its press. The order's id follows from the alarm's, so an alarm never has two.</summary>
internal sealed class WorkOrderDesk : IAsyncDisposable
{
    private readonly Node _node;
    private readonly HashSet<DocumentId> _ordered = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public WorkOrderDesk(Node node)
    {
        _node = node;
        _watching = WatchAsync();
    }

    public int Opened => _ordered.Count;

    private DocumentQuery<Alarm> Own
    {
        get
        {
            var press = _node.Name;
            return _node.Alarms.Where(alarm => alarm.Press == press);
        }
    }

    /// <summary>Sees to the last alarms and stops.</summary>
    public async Task CloseAsync()
    {
        await StopAsync();
        await OpenAsync(await Own.ToListAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var alarms in Own.WatchAsync(_stop.Token))
                await OpenAsync(alarms);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private async Task OpenAsync(IReadOnlyList<Alarm> alarms)
    {
        foreach (var alarm in alarms)
            if (_ordered.Add(alarm.Id))
                await _node.WorkOrders.EditAsync(DocumentId.Named($"work-order/{alarm.Id}"), alarm,
                    static (order, alarm) => order.Title = $"{alarm.Press}: look at the bearing ({alarm.RaisedAt:yyyy-MM-dd HH:mm})");
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }
}
