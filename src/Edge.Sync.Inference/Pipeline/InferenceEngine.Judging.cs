using System.Diagnostics;
using Edge.Sync.Inference.Decisions;
using Edge.Sync.Inference.Explaining;
using Edge.Sync.Inference.Serving;
using Edge.Sync.Inference.Telemetry;

namespace Edge.Sync.Inference.Pipeline;

internal sealed partial class InferenceEngine<T, TKey, TDecision>
{
    private void RunOne(ModelBinding binding, TKey key, KeyState<T> state, ReadOnlySpan<T> window, long arrivedAt, Queue<Decided<TDecision>> decisions)
    {
        using var activity = InferenceTelemetry.Start(binding.Served, rows: 1);
        _isInferring = true;
        try
        {
            if (!binding.Prepare(FeaturesOf(0), 0))
            {
                _counts.Dropped++;
                return;
            }
            binding.Runner.Run(1);
            Judge(binding, 0, key, state, window, arrivedAt, decisions);
        }
        catch (Exception e)
        {
            _counts.Failed++;
            CountFault(binding);
            CountTrial(binding, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw Named(binding, e);
        }
        finally
        {
            _isInferring = false;
        }
    }

    /// <summary>Judges all windows that wait. Where one fails, the others are judged all the same; the first error is thrown at the end.</summary>
    private void RunPending(Queue<Decided<TDecision>> decisions)
    {
        if (_pending == 0 || _binding is null)
            return;
        var (binding, rows) = (_binding, _pending);
        _pending = 0;
        using var activity = InferenceTelemetry.Start(binding.Served, rows);
        EdgeModelException? error = null;
        _isInferring = true;
        try
        {
            for (var row = 0; row < rows; row++)
                _rows[row].IsDropped = !binding.Prepare(FeaturesOf(row), row);
            binding.Runner.Run(rows);
        }
        catch (Exception e)
        {
            _isInferring = false;
            _counts.Failed += rows;
            CountFault(binding);
            CountTrial(binding, e);
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw Named(binding, e);
        }
        for (var row = 0; row < rows; row++)
        {
            var waiting = _rows[row];
            if (waiting.IsDropped)
            {
                _counts.Dropped++;
                continue;
            }
            try
            {
                Judge(binding, row, waiting.Key, waiting.State, waiting.Window, waiting.ArrivedAt, decisions);
            }
            catch (Exception e)
            {
                _counts.Failed++;
                error ??= Named(binding, e);
            }
        }
        _isInferring = false;
        if (error is not null)
            throw error;
    }

    private void Judge(ModelBinding binding, int row, TKey key, KeyState<T> state, ReadOnlySpan<T> window, long arrivedAt, Queue<Decided<TDecision>> decisions)
    {
        var features = binding.InputOf(row);
        var output = binding.OutputOf(row);
        var score = _plan.Score(features, output) / binding.ScoreScale;
        CountTrial(binding, isFault: !float.IsFinite(score));
        if (!float.IsFinite(score))
        {
            _counts.NotFinite++;
            CountFault(binding);
        }
        else
        {
            binding.FaultsInARow = 0;
            if (_shadow is not null)
                RunShadow(row, score);
            if (_plan.Drift is not null)
                Watch(binding, state, features, score);
            var inference = new Inference<T, TKey>(key, window, FeaturesOf(row), features, output, score, binding.Served);
            foreach (var observe in _observers)
                observe(inference);
            if (_decide(inference) is { } decision)
            {
                if (_explain is not null)
                    decision = Explain(binding, row, decision, score);
                decisions.Enqueue(new(decision, score, _keepsProvenance ? ProvenanceOf(binding, row) : null));
                _counts.Decisions++;
            }
            else
            {
                _counts.Undecided++;
            }
        }
        var taken = _options.TimeProvider.GetElapsedTime(arrivedAt);
        _latency.Record(taken.Ticks * TimeSpan.NanosecondsPerTick);
        InferenceTelemetry.Record(binding.Served, taken);
        if (_plan.Overload is { } overload && taken > overload.Deadline)
            _counts.Overruns++;
    }

    private Provenance ProvenanceOf(ModelBinding binding, int row)
    {
        var served = binding.Served;
        return new(served.Name, served.Version, served.Hash, served.Place, InputVersion.Of(FeaturesOf(row)));
    }

    // In a batch the model's buffers hold the other rows still: they are computed again afterwards, which is for decisions only and thus rare.
    private TDecision Explain(ModelBinding binding, int row, TDecision decision, float score)
    {
        var inputs = binding.Runner.Input;
        var width = binding.Model.InputWidth;
        if (_explained.Length != inputs.Length || _shares.Length != width)
            (_explained, _shares) = (new float[inputs.Length], new float[width]);
        inputs.CopyTo(_explained);
        Occlusion.Explain(binding, _explained.AsSpan(row * width, width), score, _plan.Score, _shares);
        _explained.CopyTo(inputs);
        if (_rows.Length > 1)
            binding.Runner.Run(_rows.Length);
        return _explain!(decision, new(score, _shares));
    }

    private void Watch(ModelBinding binding, KeyState<T> state, ReadOnlySpan<float> features, float score)
    {
        var options = _plan.Drift!;
        state.Scores ??= new(options);
        if (state.Scores.Observe(score) is { } statistic)
            Alarm(DriftKind.Score, null, statistic, state.Scores.Limit);
        if (_inputs?.Observe(features) is { } drifted)
            Alarm(DriftKind.Input, drifted.Feature, drifted.Index, options.StabilityIndexMax);

        void Alarm(DriftKind kind, int? feature, double statistic, double limit)
        {
            _counts.DriftAlarms++;
            InferenceTelemetry.CountDrift(binding.Served);
            _drift.Enqueue(new(binding.Served.Name, binding.Served.Version, binding.Served.Hash, kind, feature, statistic, limit, _counts.Inferences, _options.TimeProvider.GetUtcNow()));
            // Nobody may be taking them.
            while (_drift.Count > DriftAlarm.WaitingMax)
                _drift.Dequeue();
        }
    }

    private void CountFault(ModelBinding binding)
    {
        if (++binding.FaultsInARow == _options.FallBackAfter)
            _broken = binding;
    }

    private EdgeModelException Named(ModelBinding binding, Exception e) => e as EdgeModelException
        ?? binding.Invalid($"A callback around the model '{_slot.Name}' failed: {e.Message}", e);
}
