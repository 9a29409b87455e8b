namespace Edge.Sync.Inference.Wasm.Tests;

public sealed class WasmCodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edge-wasm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "import", TestModule.With(import: "(import \"wasi_snapshot_preview1\" \"clock_time_get\" (func (param i32 i64 i32) (result i32)))"), "imports 'wasi_snapshot_preview1.clock_time_get'" },
        { "abi", TestModule.With(abi: "2"), "another version of the interface" },
        { "no room", TestModule.With(alloc: "(i32.const 0)"), "gave no room" },
        { "room outside", TestModule.With(alloc: "(i32.const 65530)"), "gave no room" },
        { "negative room", TestModule.With(alloc: "(i32.const -16)"), "gave no room" },
        { "too much memory at once", TestModule.With(memory: "1000"), "failed" },
        { "start that traps", TestModule.With(extra: "(func $start unreachable) (start $start)"), "gave up" },
        { "start without end", TestModule.With(extra: "(func $start (loop $l (br $l))) (start $start)"), "did not end" },
        { "reset that traps", TestModule.With(extra: "(func (export \"edge_reset\") unreachable)"), "gave up" },
        { "reset that answers", TestModule.With(extra: "(func (export \"edge_reset\") (result i32) (i32.const 1))"), "edge_reset" },
        { "no exports", TestModule.Convert("(module)"), "exports no 32-bit memory" },
        { "no process", TestModule.Convert("(module (memory (export \"memory\") 1))"), "edge_process" },
        { "other types", TestModule.Convert("(module (memory (export \"memory\") 1) (func (export \"edge_alloc\") (param i64) (result i32) (i32.const 0)) (func (export \"edge_process\") (param i32 i32 i32 i32) (result i32) (i32.const 0)))"), "edge_alloc(i32)" },
        { "no version", TestModule.Convert("(module (memory (export \"memory\") 1) (func (export \"edge_alloc\") (param i32) (result i32) (i32.const 0)) (func (export \"edge_process\") (param i32 i32 i32 i32) (result i32) (i32.const 0)))"), "edge_abi" },
        { "no module", "(module)"u8.ToArray(), "magic number" },
        { "nothing", [], "magic number" },
        { "only a head", TestModule.Double[..8], "exports no 32-bit memory" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Module_that_may_not_or_cannot_be_used_is_refused_with_the_reason(string what, byte[] module, string expected)
    {
        var error = Assert.Throws<EdgeModelException>(() => Open(module));
        Assert.Equal("test", error.Model);
        Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void Too_large_module_is_not_compiled()
    {
        var error = Assert.Throws<EdgeModelException>(() => Open(TestModule.Double, WasmLimits.Default with { ModuleBytesMax = 100 }));
        Assert.Contains(nameof(WasmLimits.ModuleBytesMax), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_or_changed_module_never_escapes_as_another_error()
    {
        var whole = TestModule.Double;
        var accepted = 0;
        for (var length = 0; length < whole.Length; length++)
            try
            {
                Open(whole[..length]);
                accepted++;
            }
            catch (EdgeModelException)
            {
            }
        // The last section holds names only: a module without it is whole.
        Assert.InRange(accepted, 0, 1);
        var random = new Random(3);
        var refused = 0;
        for (var run = 0; run < 500; run++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                Open(bytes);
            }
            catch (EdgeModelException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 100, 499);
    }

    [Fact]
    public void Compiled_code_is_kept_and_used_again()
    {
        var cache = new WasmCache(_folder, Key(1));
        Open(TestModule.Double, cache: cache);
        var file = Assert.Single(Directory.GetFiles(_folder));
        var written = File.GetLastWriteTimeUtc(file);
        Assert.NotNull(cache.TryRead(ModelHash.Of(TestModule.Double), WasmEngine.For(WasmLimits.Default).Name));

        Open(TestModule.Double, cache: cache);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void Kept_code_that_was_changed_or_made_by_another_is_never_run()
    {
        var cache = new WasmCache(_folder, Key(1));
        Open(TestModule.Double, cache: cache);
        var file = Assert.Single(Directory.GetFiles(_folder));
        var (hash, engine, whole) = (ModelHash.Of(TestModule.Double), WasmEngine.For(WasmLimits.Default).Name, File.ReadAllBytes(file));
        var random = new Random(7);
        for (var run = 0; run < 300; run++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(file, bytes);
            Assert.Null(cache.TryRead(hash, engine));
            Assert.False(File.Exists(file));
        }
        File.WriteAllBytes(file, whole[..40]);
        Assert.Null(cache.TryRead(hash, engine));

        File.WriteAllBytes(file, whole);
        Assert.Null(new WasmCache(_folder, Key(2)).TryRead(hash, engine));
        // The code of one module in the place of another's.
        cache.Write(hash, engine, whole.AsSpan(36));
        File.Move(file, file.Replace(hash.ToString(), ModelHash.Of(TestModule.Sum).ToString(), StringComparison.Ordinal));
        Assert.Null(cache.TryRead(ModelHash.Of(TestModule.Sum), engine));
    }

    private static byte[] Key(byte value) => [.. Enumerable.Repeat(value, 32)];

    private static void Open(byte[] module, WasmLimits? limits = null, WasmCache? cache = null)
    {
        using var code = WasmCode.Compile("test", module, limits ?? WasmLimits.Default with { Deadline = TimeSpan.FromMilliseconds(20) }, cache);
        using var instance = new WasmInstance(code, 4, 4);
        instance.Open();
    }
}
