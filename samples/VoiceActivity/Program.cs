// Who speaks, when: a published model (Silero VAD v5) over sound, of which nothing is kept but the times.
//   samples/VoiceActivity/prepare.sh && dotnet run -c Release --project samples/VoiceActivity [-- [--model FILE.onnx] [SOUND.wav]]
using Edge.Sync;
using Edge.Sync.Inference;
using VoiceActivity;

var path = args is ["--model", var given, ..] ? given : Path.Combine("artifacts", "models", "silero_vad_v5.onnx");
if (!File.Exists(path))
{
    Console.Error.WriteLine($"'{path}' is not there. Run samples/VoiceActivity/prepare.sh first, or say where it is: --model FILE.onnx.");
    return 2;
}
float[] sound;
try
{
    sound = (args is ["--model", _, .. var rest] ? rest : args) is [var file] ? Sound.ReadWave(file) : Sound.Demo();
}
catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
var folder = Directory.CreateTempSubdirectory("voice-activity").FullName;
try
{
    await using var db = await EdgeDatabase.OpenAsync(Path.Combine(folder, "device.db"));
    await using var ai = EdgeInference.Create(db);
    using var model = new SileroModel(path);
    var hysteresis = new Hysteresis();
    await using var pipeline = await ai.From(Frames().ToAsyncEnumerable())
        .Sliding(static _ => "microphone", static f => f.At, count: 1)
        .Features(SileroModel.FrameSamples, static (window, features) => window[^1].Samples.Span.CopyTo(features))
        .Model(model.ToContent(), ModelScore.FirstOutput)
        .Decide((in Inference<Frame, string> r) => hysteresis.Next(r.Last.At, r.Score))
        .SaveTo(db.Documents<Utterance>(), static s => s.Id, static (doc, s) => (doc.From, doc.To, doc.Peak) = (s.From, s.To, s.Peak))
        .BuildAsync();
    model.Reset();
    await pipeline.RunAsync();
    foreach (var utterance in await db.Documents<Utterance>().OrderBy(u => u.From).ToListAsync())
        Console.WriteLine(FormattableString.Invariant($"{(utterance.From - start).TotalSeconds:F2} s to {(utterance.To - start).TotalSeconds:F2} s: speech (up to {utterance.Peak:P0})"));
    Console.WriteLine(FormattableString.Invariant($"{pipeline.Metrics.Readings} frames of 32 ms"));
    return 0;
}
finally { Directory.Delete(folder, recursive: true); }

IEnumerable<Frame> Frames()
{
    for (var at = 0; at + SileroModel.FrameSamples <= sound.Length; at += SileroModel.FrameSamples)
        yield return new(start.AddSeconds(at / (double)SileroModel.SampleRate), sound.AsMemory(at, SileroModel.FrameSamples));
    // Silence, so that the last utterance ends.
    for (var i = 0; i < 10; i++)
        yield return new(start.AddSeconds((sound.Length + i * SileroModel.FrameSamples) / (double)SileroModel.SampleRate), new float[SileroModel.FrameSamples]);
}
