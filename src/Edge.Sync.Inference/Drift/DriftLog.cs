namespace Edge.Sync.Inference.Drift;

/// <summary>Alarms about drift in the database, of all replicas.</summary>
internal static class DriftLog
{
    public static Task AddAsync(EdgeDatabase database, DriftAlarm alarm, CancellationToken cancellationToken) =>
        database.Events<ModelDrifted>().AppendAsync(DocumentId.Named($"inference-drift/{alarm.ModelHash}"), ModelDrifted.Of(alarm), cancellationToken);

    public static async Task<IReadOnlyList<DriftAlarm>> ListAsync(EdgeDatabase database, string model, CancellationToken cancellationToken)
    {
        var alarms = new List<DriftAlarm>();
        await foreach (var drifted in database.Events<ModelDrifted>().ReadAllAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            if (drifted.Event is { } told && told.Model == model && told.ToAlarm() is { } alarm)
                alarms.Add(alarm);
        alarms.Sort(static (a, b) => b.At.CompareTo(a.At));
        return alarms;
    }
}
