using Wasmtime;

namespace Edge.Sync.Inference.Wasm.Tests;

/// <summary>Modules from their text in the folder beside.</summary>
internal static class TestModule
{
    public static byte[] Double => Convert(Text("double"));

    public static byte[] Sum => Convert(Text("sum"));

    /// <summary>A module of which some parts differ from those of a good one. Its buffers lie at 1,024 and 32,768.</summary>
    public static byte[] With(
        string body = "(local.get $inLen)", string alloc = "(global.set $calls (i32.add (global.get $calls) (i32.const 1))) (if (result i32) (i32.eq (global.get $calls) (i32.const 1)) (then (i32.const 1024)) (else (i32.const 32768)))",
        string memory = "1", string abi = "1", string import = "", string extra = "") =>
        Convert(Text("template")
            .Replace("$IMPORT", import, StringComparison.Ordinal).Replace("$MEMORY", memory, StringComparison.Ordinal).Replace("$ABI", abi, StringComparison.Ordinal)
            .Replace("$ALLOC", alloc, StringComparison.Ordinal).Replace("$BODY", body, StringComparison.Ordinal).Replace("$EXTRA", extra, StringComparison.Ordinal));

    public static byte[] Convert(string text) => Module.ConvertText(text);

    private static string Text(string name)
    {
        using var reader = new StreamReader(typeof(TestModule).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
