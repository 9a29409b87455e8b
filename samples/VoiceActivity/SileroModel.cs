using Edge.Sync.Inference;
using Microsoft.ML.OnnxRuntime;

namespace VoiceActivity;

/// <summary>Silero VAD v5: the chance of speech in 32 ms of sound, given those before. It has three inputs and a state, so it comes into the pipeline as code.</summary>
/// <remarks>Inputs: <c>input</c> [1, 64 + 512], the last 64 samples of before and 512 new ones; <c>state</c> [2, 1, 128]; <c>sr</c>. Outputs: <c>output</c> [1, 1] and <c>stateN</c>. One stream, one object.</remarks>
internal sealed class SileroModel : IDisposable
{
    public const int SampleRate = 16_000, FrameSamples = 512;

    private const int ContextSamples = 64, StateFloats = 2 * 128;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly float[] _input = new float[ContextSamples + FrameSamples];
    private readonly float[] _state = new float[StateFloats];

    public SileroModel(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new(path, options);
    }

    public ModelContent ToContent() => ModelContent.FromFunction("silero-vad", FrameSamples, 1, Infer, version: 5);

    /// <summary>Forgets what was heard: at the begin of a stream, and after the pipeline has warmed up.</summary>
    public void Reset()
    {
        Array.Clear(_input);
        Array.Clear(_state);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private void Infer(ReadOnlySpan<float> frame, Span<float> chance)
    {
        _input.AsSpan(FrameSamples).CopyTo(_input);
        frame.CopyTo(_input.AsSpan(ContextSamples));
        using var input = OrtValue.CreateTensorValueFromMemory(_input, [1, _input.Length]);
        using var state = OrtValue.CreateTensorValueFromMemory(_state, [2, 1, 128]);
        using var rate = OrtValue.CreateTensorValueFromMemory([(long)SampleRate], []);
        using var outputs = _session.Run(_run, ["input", "state", "sr"], [input, state, rate], ["output", "stateN"]);
        chance[0] = outputs[0].GetTensorDataAsSpan<float>()[0];
        outputs[1].GetTensorDataAsSpan<float>().CopyTo(_state);
    }
}
