namespace Edge.Sync.Inference.Drift;

/// <summary>Alarms about drift in the database, of all replicas.</summary>
internal static class DriftLog
{
    public static Task AddAsync(EdgeDatabase database, DriftAlarm alarm, CancellationToken cancellationToken) =>
        database.Documents<DriftDocument>().EditAsync(database.NewId(), alarm, static (document, alarm) => DriftDocument.Write(document, alarm), cancellationToken);

    public static async Task<IReadOnlyList<DriftAlarm>> ListAsync(EdgeDatabase database, string model, CancellationToken cancellationToken)
    {
        var alarms = new List<DriftAlarm>();
        foreach (var d in await database.Documents<DriftDocument>().Where(d => d.Model == model).ToListAsync(cancellationToken).ConfigureAwait(false))
            // What another replica wrote need not be well formed.
            if (ModelHash.TryParse(d.ModelHash, out var hash))
                alarms.Add(new(d.Model, d.Version == 0 ? null : d.Version, hash, d.Kind == "score" ? DriftKind.Score : DriftKind.Input, d.Feature < 0 ? null : (int)d.Feature, d.Statistic, d.Limit, d.Inference, d.At));
        alarms.Sort(static (a, b) => b.At.CompareTo(a.At));
        return alarms;
    }
}
