using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Storage;

namespace Edge.Sync.Tests.Tool;

public class ToolTests
{
    [Fact]
    public async Task Sound_file_is_looked_into_verified_and_measured()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        var before = Opening.HashOf(folder["a.db"]);

        var inspected = await ToolRun.RunAsync(folder, "inspect", "a.db", "--json");
        Assert.Equal(0, inspected.ExitCode);
        Assert.Equal("default", (string)inspected.Json["database"]!);
        Assert.Equal(62, (int)inspected.Json["changes"]!);
        Assert.Equal(9, (int)inspected.Json["collections"]![0]!["documents"]!);
        Assert.Equal(1, (int)inspected.Json["collections"]![0]!["deleted"]!);
        Assert.True((bool)inspected.Json["feeds"]![0]!["own"]!);
        Assert.Equal(21, (int)inspected.Json["feeds"]![0]!["unsealed"]!);
        Assert.Contains((string)inspected.Json["replica"]!, (await ToolRun.RunAsync(folder, "inspect", "a.db")).Text, StringComparison.Ordinal);

        var verified = await ToolRun.RunAsync(folder, "verify", "a.db", "--json", "--progress");
        Assert.Equal(0, verified.ExitCode);
        Assert.True((bool)verified.Json["sound"]!);
        Assert.Contains("sound             yes", (await ToolRun.RunAsync(folder, "verify", "a.db")).Text, StringComparison.Ordinal);

        var storage = await ToolRun.RunAsync(folder, "storage", "a.db", "--json");
        Assert.Equal(0, storage.ExitCode);
        Assert.Equal((long)storage.Json["fileBytes"]!, storage.Json["classes"]!.AsObject().Sum(static part => (long)part.Value!));
        Assert.Equal((long)storage.Json["seenByAll"]![0]!["bytes"]!, (long)storage.Json["seenByAll"]![0]!["seenByAll"]!); // nobody else has written
        Assert.Empty(storage.Json["heldBackBy"]!.AsArray());

        File.Copy(folder["a.db"], folder["packed.db"]);
        var packed = await ToolRun.RunAsync(folder, "pack", "packed.db", "--json");
        Assert.Equal((0, 0L), (packed.ExitCode, (long)packed.Json["changes"]!)); // so few stay as they are
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "verify", "packed.db")).ExitCode);

        var log = await ToolRun.RunAsync(folder, "log", "a.db", "--json", "--limit", "3");
        Assert.Equal([60, 61, 62], log.Json["changes"]!.AsArray().Select(static change => (int)change!["sequence"]!));
        Assert.Equal(2, log.Json["changes"]![2]!["documents"]!.AsArray().Count);
        var document = $"job/{DocumentId.Named("3")}";
        log = await ToolRun.RunAsync(folder, "log", "a.db", "--json", "--document", document);
        Assert.Equal([4, 13, 22, 31, 40, 49, 58], log.Json["changes"]!.AsArray().Select(static change => (int)change!["sequence"]!));
        Assert.Equal(before, Opening.HashOf(folder["a.db"]));
    }

    [Fact]
    public async Task Damaged_file_is_not_sound_and_is_repaired()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        PlainSql.Execute(folder["a.db"], "UPDATE edge_changes SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'7f' AS BLOB) WHERE sequence = 30");
        var verified = await ToolRun.RunAsync(folder, "verify", "a.db", "--json");
        Assert.Equal(1, verified.ExitCode);
        Assert.Equal("log", (string)verified.Json["faults"]![0]!["subject"]!);
        Assert.Equal(1, (await ToolRun.RunAsync(folder, "seed", "a.db", "seed.db")).ExitCode);
        Assert.False(File.Exists(folder["seed.db"]));

        var repaired = await ToolRun.RunAsync(folder, "repair", "a.db", "--json");
        Assert.Equal(1, repaired.ExitCode);
        Assert.Equal((29, 32), ((int)repaired.Json["saved"]!, (int)repaired.Json["stranded"]!));
        Assert.True(File.Exists(folder[(string)repaired.Json["damagedPath"]!]));
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "verify", "a.db")).ExitCode);
        var imported = await ToolRun.RunAsync(folder, "import", "a.db", (string)repaired.Json["strandedPath"]!, "--json");
        Assert.Equal((1, 32), (imported.ExitCode, (int)imported.Json["waiting"]!));
    }

    [Fact]
    public async Task Exported_lines_make_the_same_documents_in_a_new_file()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        var exported = await ToolRun.RunAsync(folder, "export", "a.db", "a.jsonl", "--json");
        Assert.Equal((0, 62), (exported.ExitCode, (int)exported.Json["changes"]!));
        Assert.Equal(File.ReadAllLines(folder["a.jsonl"]), (await ToolRun.RunAsync(folder, "export", "a.db", "-")).Output);
        var imported = await ToolRun.RunAsync(folder, "import", "b.db", "a.jsonl", "--json");
        Assert.Equal((0, 62, 0), (imported.ExitCode, (int)imported.Json["taken"]!, (int)imported.Json["known"]!));
        imported = await ToolRun.RunAsync(folder, "import", "b.db", "a.jsonl", "--json");
        Assert.Equal((0, 0, 62), (imported.ExitCode, (int)imported.Json["taken"]!, (int)imported.Json["known"]!));
        await using var a = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await using var b = await EdgeDatabase.OpenAsync(folder["b.db"]);
        Assert.Equal(await a.GetStateHashAsync(), await b.GetStateHashAsync());

        // One false byte in a line: it is refused, and nothing that was there changes.
        var lines = File.ReadAllLines(folder["a.jsonl"]);
        File.WriteAllLines(folder["bad.jsonl"], [.. lines[..5], "{\"bytes\": \"AAAA\"}"]);
        var bad = await ToolRun.RunAsync(folder, "import", "c.db", "bad.jsonl", "--json");
        Assert.Equal((7, "MalformedData"), (bad.ExitCode, (string)bad.Json["error"]!));
        File.WriteAllText(folder["bad.jsonl"], "no json");
        Assert.Equal(7, (await ToolRun.RunAsync(folder, "import", "c.db", "bad.jsonl")).ExitCode);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("seed")]
    public async Task Copies_open_as_replicas_of_their_own(string command)
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["a.db"], Name = "shop" }))
            await db.Documents<Job>().AddAsync(new Job { Title = "price list" });
        var made = await ToolRun.RunAsync(folder, command, "a.db", "b.db", "--json");
        Assert.Equal(0, made.ExitCode);
        Assert.True((bool)(await ToolRun.RunAsync(folder, "inspect", "b.db", "--json")).Json["isCopy"]!);
        await using (var copy = await EdgeDatabase.OpenAsync(new EdgeDatabaseOptions { Path = folder["b.db"], Name = "shop" }))
            Assert.Equal(1, await copy.Documents<Job>().CountAsync());
        var original = (string)(await ToolRun.RunAsync(folder, "inspect", "a.db", "--json")).Json["replica"]!;
        var inspected = await ToolRun.RunAsync(folder, "inspect", "b.db", "--json");
        Assert.NotEqual(original, (string)inspected.Json["replica"]!);
        Assert.False((bool)inspected.Json["isCopy"]!);
        Assert.NotEqual(0, (await ToolRun.RunAsync(folder, command, "a.db", "b.db")).ExitCode);
    }

    [Fact]
    public async Task Foreign_missing_and_newer_files_have_an_exit_code_of_their_own()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["foreign.db"], new('x', 10_000));
        File.WriteAllBytes(folder["empty.db"], []);
        await VerifyTests.MakeAsync(folder["newer.db"]);
        PlainSql.Execute(folder["newer.db"], "PRAGMA user_version = 99");
        foreach (var command in (string[])["inspect", "log", "verify", "storage", "export"])
            foreach (var file in (string[])["foreign.db", "none.db", "newer.db", "empty.db"])
            {
                var run = await ToolRun.RunAsync(folder, command, file, "--json");
                Assert.Equal((3, file), (run.ExitCode, file));
                Assert.Contains(file, (string)run.Json["message"]!, StringComparison.Ordinal);
            }
        Assert.Equal(3, (await ToolRun.RunAsync(folder, "repair", "foreign.db")).ExitCode);
        Assert.False(File.Exists(folder["none.db"]));
        Assert.Equal(new string('x', 10_000), File.ReadAllText(folder["foreign.db"]));
    }

    [Fact]
    public async Task File_in_use_is_read_and_not_written()
    {
        using var folder = new TempFolder();
        await VerifyTests.MakeAsync(folder["a.db"]);
        await using var db = await EdgeDatabase.OpenAsync(folder["a.db"]);
        await db.Documents<Job>().AddAsync(new Job());
        Assert.Equal(63, (int)(await ToolRun.RunAsync(folder, "inspect", "a.db", "--json")).Json["changes"]!);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "verify", "a.db")).ExitCode);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "storage", "a.db")).ExitCode);
        foreach (var arguments in (string[][])[["backup", "a.db", "b.db"], ["repair", "a.db"], ["export", "a.db"]])
        {
            var run = await ToolRun.RunAsync(folder, arguments);
            Assert.Equal(4, run.ExitCode);
            Assert.Contains("Close the other one", run.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData()]
    [InlineData("frobnicate")]
    [InlineData("verify")]
    [InlineData("verify", "a.db", "b.db")]
    [InlineData("verify", "a.db", "--limit", "3")]
    [InlineData("log", "a.db", "--limit", "x")]
    [InlineData("log", "a.db", "--document", "job")]
    [InlineData("log", "a.db", "--limit")]
    [InlineData("inspect", "a.db", "--nonsense")]
    public async Task Wrong_command_lines_are_told_apart_from_failures(params string[] arguments)
    {
        using var folder = new TempFolder();
        var run = await ToolRun.RunAsync(folder, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("edge-sync", run.Errors, StringComparison.Ordinal);
    }
}
