namespace Edge.Sync.Benchmarks.Inference;

/// <summary>The inference pipeline and its backends beside the bare call of ONNX Runtime, in turns within one process.</summary>
internal static class InferenceCommand
{
    public static int Run(string[] args)
    {
        var only = args.Length > 0 ? args[0] : "";
        var isRight = true;
        if (only is "" or "calls") CallBenchmark.Run();
        if (only is "" or "pipeline") isRight &= PipelineBenchmark.Run();
        if (only is "" or "wasm") WasmBenchmark.Run();
        if (only is "" or "swap") isRight &= SwapBenchmark.Run();
        if (only is "" or "overload") isRight &= OverloadBenchmark.RunAsync().GetAwaiter().GetResult();
        if (only is "" or "memory") MemoryBenchmark.Run();
        return isRight ? 0 : 1;
    }
}
