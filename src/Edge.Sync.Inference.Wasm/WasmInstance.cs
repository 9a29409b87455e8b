using Wasmtime;

namespace Edge.Sync.Inference.Wasm;

/// <summary>An instance of a module with its buffers, for rows of fixed widths. Not safe for several threads.</summary>
/// <remarks>
/// Nothing that the module says is believed: pointers and lengths are compared with the size of its memory after each call, since it may have grown.
/// After a trap its state is suspect, so the instance goes; the next call makes a new one.
/// </remarks>
internal sealed class WasmInstance(WasmCode code, int inputWidth, int outputWidth) : IDisposable
{
    private const long TableElementsMax = 10_000;
    private const int NeedsRoom = -2;

    /// <summary>Opening is no part of a reading's time, and happens at a start, when much else does.</summary>
    private static readonly TimeSpan s_openingMin = TimeSpan.FromSeconds(1);

    private readonly ulong _epochs = EpochClock.EpochsIn(code.Limits.Deadline);
    private readonly TimeSpan _opening = code.Limits.Deadline > s_openingMin ? code.Limits.Deadline : s_openingMin;
    private Live? _live;
    private int _trapsInARow;

    /// <summary>Makes the instance now rather than at the first call, so that errors come early.</summary>
    /// <exception cref="EdgeModelException">It traps when it starts, speaks another version of the interface, or has no room for its buffers.</exception>
    public void Open() => _live ??= Guarded(static instance => instance.Instantiate(), this);

    /// <summary>A global of i32; null where there is none.</summary>
    public int? Global(string name)
    {
        Open();
        return _live!.Instance.GetGlobal(name) is { Kind: ValueKind.Int32 } global && global.GetValue() is int value ? value : null;
    }

    /// <summary>Computes a row.</summary>
    /// <returns>False where the module drops the row.</returns>
    /// <exception cref="EdgeModelException">It trapped, did not end in time, answered what is no row, or reported an error.</exception>
    public bool Process(ReadOnlySpan<float> input, Span<float> output)
    {
        if (_trapsInARow >= code.Limits.TrapsInARowMax)
            throw code.Fault($"is not called any more: it failed {_trapsInARow} times in a row");
        Open();
        var live = _live!;
        var size = Frame.SizeOf(outputWidth);
        Frame.Write(live.Memory.GetSpan(live.In, Frame.SizeOf(inputWidth)), input);
        int written;
        Arm(live.Store, _epochs);
        try
        {
            written = live.Process(live.In, Frame.SizeOf(inputWidth), live.Out, size);
        }
        catch (WasmtimeException e)
        {
            Discard();
            _trapsInARow++;
            throw code.Fault(Cause(e, code.Limits.Deadline), e);
        }
        finally
        {
            code.Engine.Epochs.End();
        }
        _trapsInARow = 0;
        if (written == 0)
            return false;
        if (written < 0)
            throw code.Fault(written == NeedsRoom ? $"needs more room than {size} bytes for a row of {outputWidth}: say its width, Wasm(…, outputWidth)" : $"reported the error {written}");
        if (written > size)
            throw code.Fault($"says that it wrote {written} bytes where {size} were allowed");
        return Frame.TryRead(live.Memory.GetSpan(live.Out, written), output) is { } fault ? throw code.Fault($"answered no row: {fault}") : true;
    }

    public void Dispose() => Discard();

    private Live Instantiate()
    {
        var store = new Store(code.Engine.Engine);
        Arm(store, EpochClock.EpochsIn(_opening));
        try
        {
            store.SetLimits(code.Limits.MemoryBytesMax, (uint)TableElementsMax, instances: 1, tables: 4, memories: 1);
            var instance = new Instance(store, code.Module);
            if (instance.GetGlobal("edge_abi")?.GetValue() is not int abi || !WasmCode.IsSpoken(abi))
                throw code.Fault("speaks another version of the interface: its edge_abi is not 1");
            var memory = instance.GetMemory("memory")!;
            var allocate = instance.GetFunction<int, int>("edge_alloc")!;
            instance.GetAction("edge_reset")?.Invoke();
            var (from, to) = (Allocate(Frame.SizeOf(inputWidth)), Allocate(Frame.SizeOf(outputWidth)));
            return new(store, instance, memory, instance.GetFunction<int, int, int, int, int>("edge_process")!, from, to);

            int Allocate(int size)
            {
                var at = allocate(size);
                return at > 0 && at + (long)size <= memory.GetLength()
                    ? at
                    : throw code.Fault($"gave no room for {size} bytes: edge_alloc answered {at}, and its memory has {memory.GetLength()} bytes of at most {code.Limits.MemoryBytesMax}");
            }
        }
        catch
        {
            store.Dispose();
            throw;
        }
        finally
        {
            code.Engine.Epochs.End();
        }
    }

    private void Arm(Store store, ulong epochs)
    {
        code.Engine.Epochs.Begin();
        store.SetEpochDeadline(epochs);
        if (code.Limits.Fuel is { } fuel)
            store.Fuel = fuel;
    }

    private TResult Guarded<TResult>(Func<WasmInstance, TResult> action, WasmInstance state)
    {
        try
        {
            return action(state);
        }
        catch (WasmtimeException e)
        {
            throw code.Fault(Cause(e, _opening), e);
        }
    }

    private string Cause(WasmtimeException e, TimeSpan deadline) => e is TrapException trap
        ? trap.Type switch
        {
            TrapCode.Interrupt => $"did not end within {deadline.TotalMilliseconds} ms and was stopped: {nameof(WasmLimits)}.{nameof(WasmLimits.Deadline)}",
            TrapCode.OutOfFuel => $"used up its fuel of {code.Limits.Fuel} and was stopped: {nameof(WasmLimits)}.{nameof(WasmLimits.Fuel)}",
            TrapCode.MemoryOutOfBounds => "reached outside its memory and was stopped",
            TrapCode.StackOverflow => "used up its stack and was stopped",
            TrapCode.Unreachable => "gave up: it reached an 'unreachable' instruction, which is how a panic or a failed allocation ends",
            var other => $"was stopped by a trap: {other}",
        }
        : $"failed: {e.Message}";

    private void Discard()
    {
        _live?.Store.Dispose();
        _live = null;
    }

    private sealed record Live(Store Store, Instance Instance, Memory Memory, Func<int, int, int, int, int> Process, int In, int Out);
}
