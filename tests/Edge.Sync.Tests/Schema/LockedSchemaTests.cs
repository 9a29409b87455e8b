using System.Text;
using Edge.Sync.Tests.Tool;

namespace Edge.Sync.Tests.Schema;

/// <summary>The schema lock file, as the tool writes and reads it: from this very test assembly, and against real logs.</summary>
public sealed class LockedSchemaTests
{
    private static string ThisAssembly => typeof(LockedSchemaTests).Assembly.Location;

    [Fact]
    public async Task Lock_file_is_written_from_an_assembly_and_is_current_then()
    {
        using var folder = new TempFolder();
        var written = await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"], "--json");
        Assert.Equal((0, true), (written.ExitCode, written.Json["written"]!.GetValue<bool>()));
        var schema = LockedSchema.Parse(File.ReadAllBytes(folder["lock.json"]));
        var order = schema.Collections["order"];
        Assert.Equal(("register text", "register guid", "register integer", "lattice"), (order["Number"], order["Customer"], order["Urgency"], order["Reach"]));
        Assert.Equal(("list object", "register text", "list object", "register record", "decimal"), (order["Lines"], order["Lines[].Text"], order["Lines[].Parts"], order["Lines[].Parts[].Cost"], order["Lines[].Parts[].Cost.Amount"]));
        Assert.Equal(("map text", "register record", "text"), (order["Rates"], order["Rates{}"], order["Rates{}.Currency"]));
        Assert.Equal(("register integer", "register integer"), (schema.Collections["task"]["Hours"], schema.Collections["task"]["Minutes"]));
        Assert.DoesNotContain("Pinned", schema.Collections["note"].Keys);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"], "--check")).ExitCode);
    }

    [Fact]
    public async Task What_would_break_devices_is_told_and_not_written()
    {
        using var folder = new TempFolder();
        await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"]);
        var schema = LockedSchema.Parse(File.ReadAllBytes(folder["lock.json"]));
        schema.Collections["task"]["Title"] = "counter";
        schema.Collections["task"]["Gone"] = "set text";
        await File.WriteAllBytesAsync(folder["lock.json"], schema.ToJson(), TestContext.Current.CancellationToken);
        var run = await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"], "--json");
        Assert.Equal((1, false), (run.ExitCode, run.Json["written"]!.GetValue<bool>()));
        Assert.Equal(2, run.Json["problems"]!.AsArray().Count);
        Assert.Equal(schema.ToJson(), File.ReadAllBytes(folder["lock.json"]));

        schema.Collections["task"]["Title"] = "register text";
        await File.WriteAllBytesAsync(folder["lock.json"], schema.ToJson(), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"], "--retire")).ExitCode);
        Assert.Equal("retired set text", LockedSchema.Parse(File.ReadAllBytes(folder["lock.json"])).Collections["task"]["Gone"]);
    }

    [Fact]
    public async Task Events_are_locked_and_read_as_documents_are()
    {
        using var folder = new TempFolder();
        await ToolRun.RunAsync(folder, "schema", ThisAssembly, folder["lock.json"]);
        var lines = LockedSchema.Parse(File.ReadAllBytes(folder["lock.json"])).Collections["job-event"];
        Assert.Equal(("event", "text", "integer", "record", "integer", "guid"), (lines["opened"], lines["opened.Title"], lines["closed.Minutes"], lines["measured.Spot"], lines["measured.Spot.Y"], lines["measured.Job"]));
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Events<Events.JobEvent>().AppendAsync(DocumentId.Named("t"), new Events.JobEvent.Opened("x"));
            await db.Events<Events.JobEvent>().AppendAsync(DocumentId.Named("t"), new Events.JobEvent.Closed(3, "alice"));
        }
        Assert.Equal(0, (await ToolRun.RunAsync(folder, "preflight", folder["a.db"], "--schema", folder["lock.json"], "--json")).ExitCode);
        Write(folder["less.json"], """{"format":1,"collections":{"job-event":{"closed":"event","closed.Minutes":"text"}}}""");
        var less = await ToolRun.RunAsync(folder, "preflight", folder["a.db"], "--schema", folder["less.json"], "--json");
        Assert.Equal(["#" + Hash("opened"), "closed.#" + Hash("By"), "closed.Minutes"], less.Json["unread"]!.AsArray().Select(static finding => finding!["field"]!.GetValue<string>()).Order(StringComparer.Ordinal));

        static string Hash(string name) => Edge.Sync.Documents.FieldDefinition.HashOf(name).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Preflight_says_what_a_new_build_would_not_read_of_a_real_log()
    {
        using var folder = new TempFolder();
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await db.Documents<TaskV1>().EditAsync(DocumentId.Named("t"), static t => { t.Title = "x"; t.Hours = 2; t.Visits.Add(1); t.Legacy = "old"; });
            await db.Documents<TaskV3>().EditAsync(DocumentId.Named("t"), static t => { t.Tags.Add("a"); t.Steps.Add(new TaskStep { Text = "s" }); });
            await db.Documents<Site>().EditAsync(DocumentId.Named("s"), static s => s.Name = "Ulm");
        }
        Write(folder["all.json"], """{"format":1,"collections":{"site":{"Name":"register text"},"task":{"Title":"register text","Hours":"register integer","Minutes":"register integer","Visits":"counter","Owner":"register text","Legacy":"retired register text","Tags":"set text","Steps":"list object","Steps[].Text":"register text","Steps[].Done":"register boolean"}}}""");
        var all = await ToolRun.RunAsync(folder, "preflight", folder["a.db"], "--schema", folder["all.json"], "--json");
        Assert.Equal((0, true), (all.ExitCode, all.Json["reads"]!.GetValue<bool>()));
        Assert.Equal("Legacy", Assert.Single(all.Json["unread"]!.AsArray())!["field"]!.GetValue<string>());

        Write(folder["new.json"], """{"format":1,"collections":{"task":{"Title":"counter","Hours":"register text","Visits":"counter","Tags":"set integer","Steps":"list object","Steps[].Text":"text"}}}""");
        var some = await ToolRun.RunAsync(folder, "preflight", folder["a.db"], "--schema", folder["new.json"], "--json");
        Assert.Equal(1, some.ExitCode);
        Assert.Equal(
            ["site || a collection that the schema does not have | nothing", "task | #055b887e | register | nothing", "task | Hours | register integer | register text", "task | Steps[].Text | register | text",
                "task | Tags | set text | set integer", "task | Title | register | counter"],
            some.Json["unread"]!.AsArray().Select(static f => $"{f!["collection"]} |{(f["field"]!.GetValue<string>() is { Length: > 0 } field ? $" {field} " : "")}| {f["found"]} | {f["schema"]}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"format":2,"collections":{}}""")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"collections":{"a":{"b":3}}}""")]
    public void Bad_lock_file_is_a_typed_error(string json) =>
        Assert.Contains("schema", Assert.Throws<EdgeDataException>(() => LockedSchema.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    private static void Write(string path, string text) => File.WriteAllText(path, text);
}
