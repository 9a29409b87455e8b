namespace Edge.Sync.Inference.Wasm.Tests;

public class WasmInstanceTests
{
    [Fact]
    public void Row_is_computed_and_nothing_is_allocated_on_the_way()
    {
        using var code = Compile(TestModule.Double);
        using var instance = new WasmInstance(code, 8, 8);
        var (input, output) = (new float[8], new float[8]);
        void Run()
        {
            for (var i = 0; i < 8; i++)
                input[i] = Random.Shared.NextSingle();
            Assert.True(instance.Process(input, output));
            for (var i = 0; i < 8; i++)
                Assert.Equal(2 * input[i], output[i]);
        }
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 10_000; call++)
            instance.Process(input, output);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Run();
    }

    [Fact]
    public void Row_that_the_module_drops_is_told_apart_from_an_error()
    {
        using var code = Compile(TestModule.With("(i32.const 0)"));
        using var instance = new WasmInstance(code, 2, 2);
        Assert.False(instance.Process(new float[2], new float[2]));
    }

    /// <summary>What a module may do wrong in a call, and what the error says.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "(loop $l (br $l)) (i32.const 0)", "did not end within" },
        { "(i32.load (i32.const 70000))", "outside its memory" },
        { "unreachable", "gave up" },
        { "(call $deep)", "used up its stack" },
        { "(i32.div_u (i32.const 1) (i32.const 0))", "IntegerDivisionByZero" },
        { "(i32.const -1)", "reported the error -1" },
        { "(i32.const -2)", "needs more room" },
        { "(i32.const 1000000)", "says that it wrote 1000000 bytes" },
        { "(i32.const 20)", "are expected" },
        { "(i32.store (local.get $out) (i32.const 7)) (local.get $inLen)", "magic number" },
        { "(i32.store offset=4 (local.get $out) (i32.const 2)) (local.get $inLen)", "dtype 2, rank 0" },
        { "(i32.store offset=8 (local.get $out) (i32.const 1000000)) (local.get $inLen)", "a row of 1000000" },
        // Grows until it may not any more: growing itself answers -1, and what it says then is an error of its own.
        { "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) (i32.sub (i32.const 0) (memory.size))", "reported the error -64" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_an_error_that_names_module_and_cause_and_costs_one_row(string body, string expected)
    {
        // The first call does it; the next ones are good.
        using var code = Compile(TestModule.With($"(if (i32.eq (f32.ne (f32.load offset=16 (local.get $in)) (f32.const 0)) (i32.const 1)) (then (return {Wrapped(body)}))) (local.get $inLen)"));
        using var instance = new WasmInstance(code, 2, 2);
        var output = new float[2];
        var error = Assert.Throws<EdgeModelException>(() => instance.Process([1, 2], output));
        Assert.Equal("test", error.Model);
        Assert.Contains("'test'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);

        Assert.True(instance.Process([0, 5], output));
        Assert.Equal([0, 5], output);

        static string Wrapped(string body) => $"(block (result i32) {body})";
    }

    [Fact]
    public void Endless_loop_is_stopped_soon_after_its_deadline_even_when_all_pool_threads_are_busy()
    {
        using var code = Compile(TestModule.With("(loop $l (br $l)) (i32.const 0)"), WasmLimits.Default with { Deadline = TimeSpan.FromMilliseconds(5), TrapsInARowMax = int.MaxValue });
        using var instance = new WasmInstance(code, 2, 2);
        var over = new List<double>();
        for (var run = 0; run < 20; run++)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            Assert.Throws<EdgeModelException>(() => instance.Process(new float[2], new float[2]));
            over.Add(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        // It had its time; and the median is no matter of a machine that others load. The figures are in the benchmarks.
        Assert.All(over, static taken => Assert.True(taken >= 4.9, $"stopped after {taken} ms"));
        Assert.True(over.Order().ElementAt(over.Count / 2) < 2_000);
    }

    [Fact]
    public void Loop_is_stopped_however_long_its_deadline_is()
    {
        // Longer than the clock that stops it goes on after the last call.
        using var code = Compile(TestModule.With("(loop $l (br $l)) (i32.const 0)"), WasmLimits.Default with { Deadline = TimeSpan.FromMilliseconds(600) });
        using var instance = new WasmInstance(code, 2, 2);
        Assert.Contains("did not end within 600 ms", Assert.Throws<EdgeModelException>(() => instance.Process(new float[2], new float[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Module_that_traps_time_after_time_is_not_called_any_more()
    {
        using var code = Compile(TestModule.With("unreachable"));
        using var instance = new WasmInstance(code, 2, 2);
        for (var run = 0; run < 3; run++)
            Assert.Contains("gave up", Assert.Throws<EdgeModelException>(() => instance.Process(new float[2], new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("failed 3 times in a row", Assert.Throws<EdgeModelException>(() => instance.Process(new float[2], new float[2])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fuel_stops_at_the_same_instruction_every_time()
    {
        const string Counting = "(loop $l (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (i32.const 1))) (br $l)) (i32.const 0)";
        using var code = Compile(TestModule.With(Counting), WasmLimits.Default with { Fuel = 100_000, Deadline = TimeSpan.FromSeconds(10) });
        using var instance = new WasmInstance(code, 2, 2);
        Assert.Contains("fuel of 100000", Assert.Throws<EdgeModelException>(() => instance.Process(new float[2], new float[2])).Message, StringComparison.Ordinal);
    }

    private static WasmCode Compile(byte[] module, WasmLimits? limits = null) => WasmCode.Compile("test", module, limits ?? WasmLimits.Default with { Deadline = TimeSpan.FromMilliseconds(500) }, cache: null);
}
