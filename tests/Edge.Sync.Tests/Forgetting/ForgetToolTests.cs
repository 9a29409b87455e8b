using System.Text.Json.Nodes;
using Edge.Sync.Tests.Database;
using Edge.Sync.Tests.Purging;
using Edge.Sync.Tests.Tool;

namespace Edge.Sync.Tests.Forgetting;

/// <summary>The command line, of files whose documents have keys.</summary>
public class ForgetToolTests
{
    [Fact]
    public async Task Keys_are_copied_with_a_backup_and_destroyed_by_forget()
    {
        using var folder = new TempFolder();
        await KeyFileTests.MakeAsync(folder["a.db"]);
        Assert.Equal(2, (int)(await ToolRun.RunAsync(folder, "inspect", "a.db", "--json")).Json["keys"]!);
        var backup = await ToolRun.RunAsync(folder, "seed", "a.db", "b.db", "--json");
        Assert.Equal((0, 2), (backup.ExitCode, (int)backup.Json["keys"]!));
        Assert.False(RawBytes.Has(folder["b.db"], "secret"));

        var forget = await ToolRun.RunAsync(folder, "forget", "a.db", "patient", DocumentId.Named("ada").ToString(), "--intent", "asked for", "--json");
        Assert.True(forget.ExitCode == 0, forget.Errors);
        Assert.NotNull((string?)forget.Json["change"]);
        Assert.False(RawBytes.Has(folder["a.db"], "secret Ada"));
        Assert.Equal(1, (int)(await ToolRun.RunAsync(folder, "inspect", "a.db", "--json")).Json["keys"]!);
        Assert.Contains($"forget patient/{DocumentId.Named("ada")}", (await ToolRun.RunAsync(folder, "log", "a.db")).Text, StringComparison.Ordinal);
        Assert.True((bool)(await ToolRun.RunAsync(folder, "verify", "a.db", "--json")).Json["sound"]!);
        // Of a document that was never encrypted nothing is promised.
        var plain = await ToolRun.RunAsync(folder, "forget", "a.db", "job", DocumentId.Named("ada").ToString());
        Assert.Equal(8, plain.ExitCode);
        Assert.Contains("PurgeAsync", plain.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_without_its_keys_is_verified_as_far_as_it_can_be_and_repaired()
    {
        using var folder = new TempFolder();
        await KeyFileTests.MakeAsync(folder["a.db"]);
        File.Delete(folder["a.db.keys"]);
        var verify = await ToolRun.RunAsync(folder, "verify", "a.db", "--json");
        Assert.Equal((0, 2), (verify.ExitCode, (int)verify.Json["waiting"]!));
        Assert.Null((await ToolRun.RunAsync(folder, "inspect", "a.db", "--json")).Json["keys"]);
        var backup = await ToolRun.RunAsync(folder, "backup", "a.db", "b.db");
        Assert.Equal(8, backup.ExitCode);
        Assert.Contains("a.db.keys", backup.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "repair", "a.db")).ExitCode);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "backup", "a.db", "b.db")).ExitCode);
    }
}
