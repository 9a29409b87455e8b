using Edge.Sync.Inference.Backends.Providers;
using Edge.Sync.Inference.Tests.Models;
using Edge.Sync.Inference.Tests.Pipeline;

namespace Edge.Sync.Inference.Tests.Backends;

/// <summary>The choice among providers. There is no accelerator on the machines that run this: the others are fakes, and what is proven is the choice alone.</summary>
public class ProviderSelectionTests
{
    private static readonly ModelContent s_content = ModelContent.FromBytes("m", TestModels.Zero(2));

    [Fact]
    public void Provider_that_is_there_right_and_quick_serves()
    {
        using var model = Select([new Fake("npu")]);
        Assert.Equal("npu", model.Place);
        Assert.Empty(model.Fallbacks);
    }

    [Fact]
    public void Each_that_does_not_serve_leaves_its_reason_and_the_next_is_tried()
    {
        using var model = Select([
            new Fake("gone") { Missing = "no driver" },
            new Fake("old") { Error = new EntryPointNotFoundException("OrtSessionOptionsAppendExecutionProvider_CUDA") },
            new Fake("breaks") { RunError = new InvalidOperationException("device lost") },
            new Fake("lies") { Bias = 0.5f },
            new Fake("blind") { Bias = float.NaN },
            new Fake("slow") { Delay = TimeSpan.FromMilliseconds(1) },
            new Fake("other shape") { Width = 3 },
            new Fake("good"),
            new Fake("never tried"),
        ]);

        Assert.Equal("good", model.Place);
        Assert.Equal(
            [("gone", FallbackCause.Missing), ("old", FallbackCause.Failed), ("breaks", FallbackCause.Failed), ("lies", FallbackCause.WrongResult),
             ("blind", FallbackCause.WrongResult), ("slow", FallbackCause.TooSlow), ("other shape", FallbackCause.WrongResult)],
            model.Fallbacks.Select(static f => (f.Provider, f.Cause)));
        foreach (var (fallback, words) in model.Fallbacks.Zip(["no driver", "AppendExecutionProvider_CUDA", "device lost", "differ", "differ", "times as long", "other widths"]))
            Assert.Contains(words, fallback.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_that_serves_it_is_the_processor()
    {
        using var model = Select([new Fake("gone") { Missing = "no driver" }, new Fake("cpu") { Kind = Accelerator.Cpu }, new Fake("after the processor")]);
        Assert.Equal("processor", model.Place);
        Assert.Equal(["gone"], model.Fallbacks.Select(static f => f.Provider));
    }

    [Fact]
    public void What_is_not_used_is_disposed()
    {
        Fake[] fakes = [new("lies") { Bias = 1 }, new("good"), new("processor")];
        var model = Select(fakes[..2], fakes[2]);
        Assert.Equal([0, 1, 0], fakes.Select(static f => f.Open));
        model.Dispose();
        Assert.Equal([0, 0, 0], fakes.Select(static f => f.Open));
    }

    [Fact]
    public async Task Preferred_hardware_that_this_machine_lacks_is_told_by_name_and_the_model_runs()
    {
        await using var ai = PipelineFixture.Create(o => o.UseOnnxRuntime(static r => r.Prefer(Accelerator.Npu, Accelerator.Gpu, Accelerator.Cpu)));
        await using var pipeline = await ai.Scored(PipelineFixture.Stream(), count: 1).Above(-1).BuildAsync(TestContext.Current.CancellationToken);
        Assert.True(pipeline.TryInfer(Reading.Of("a", 1), out _));

        var served = pipeline.Model.Current!;
        Assert.Equal("onnxruntime/cpu", served.Place);
        Assert.Contains(served.Fallbacks, static f => f is { Provider: "onnxruntime/openvino", Cause: FallbackCause.Missing });
        Assert.Contains(served.Fallbacks, static f => f.Provider == "onnxruntime/cuda");
        Assert.All(served.Fallbacks, static f => Assert.NotEmpty(f.Reason));
        Assert.Equal(InferenceHealthState.Degraded, ai.GetHealth().State);
    }

    private static ILoadedModel Select(IReadOnlyList<IExecutionProvider> preferred, Fake? processor = null) =>
        ProviderSelection.Load(s_content, preferred, processor ?? new Fake("processor"), new OnnxRuntimeOptions { LatencyRatioMax = 50 }, TimeProvider.System);

    private sealed class Fake(string name) : IExecutionProvider
    {
        public string? Missing { get; init; }

        public Exception? Error { get; init; }

        public Exception? RunError { get; init; }

        public float Bias { get; init; }

        public TimeSpan Delay { get; init; }

        public int Width { get; init; } = 2;

        public Accelerator Kind { get; init; } = Accelerator.Npu;

        public int Open { get; private set; }

        public string Name => name;

        public Accelerator Accelerator => Kind;

        public string? Probe() => Missing;

        public ILoadedModel Load(ModelContent content)
        {
            if (Error is not null)
                throw Error;
            Open++;
            return new Loaded(this);
        }

        private sealed class Loaded(Fake fake) : ILoadedModel
        {
            public int InputWidth => fake.Width;

            public int OutputWidth => fake.Width;

            public long? Version => 1;

            public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

            public string Place => fake.Name;

            public long MemoryBytes => 1;

            public IReadOnlyList<ProviderFallback> Fallbacks => [];

            public IModelRunner CreateRunner(int rows) => new Runner(fake);

            public void Dispose() => fake.Open--;
        }

        // Long enough to be timed, so that a ratio means something.
        private sealed class Runner(Fake fake) : IModelRunner
        {
            private readonly float[] _input = new float[fake.Width];
            private readonly float[] _output = new float[fake.Width];

            public Span<float> Input => _input;

            public ReadOnlySpan<float> Output => _output;

            public void Run(int rows)
            {
                if (fake.RunError is not null)
                    throw fake.RunError;
                var started = System.Diagnostics.Stopwatch.GetTimestamp();
                while (System.Diagnostics.Stopwatch.GetElapsedTime(started) < TimeSpan.FromMicroseconds(5) + fake.Delay)
                {
                }
                for (var i = 0; i < _output.Length; i++)
                    _output[i] = _input[i] + fake.Bias;
            }

            public void Dispose()
            {
            }
        }
    }
}
