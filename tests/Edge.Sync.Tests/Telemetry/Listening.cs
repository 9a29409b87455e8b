using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Edge.Sync.Tests.Telemetry;

/// <summary>Hears the measurements of one database: sums of counters, last values of gauges.</summary>
internal sealed class Listening : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _values = [];

    public Listening(string database)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != EdgeSyncTelemetry.MeterName) return;
            Instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags, database));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags, database));
        _listener.Start();
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = [];

    /// <summary>A value by the instrument's name, with its second tag in brackets where it has one.</summary>
    public double this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string database)
    {
        if (tags[0].Key != "database" || (string)tags[0].Value! != database) return;
        var name = tags.Length > 1 ? $"{instrument.Name}[{tags[1].Value}]" : instrument.Name;
        if (instrument.IsObservable) _values[name] = value;
        else _values.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
