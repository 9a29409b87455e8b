using Edge.Sync.Storage;
using Edge.Sync.Tests.Database;

namespace Edge.Sync.Tests.Storage.Segments;

/// <summary>Damage anywhere in a file whose log is packed in part. Some places of many; all of them with EDGE_SYNC_DAMAGE=all.</summary>
public class DamagedPackedFileTests
{
    private static bool All => Environment.GetEnvironmentVariable("EDGE_SYNC_DAMAGE") == "all";

    [Fact]
    public async Task Flipped_bit_is_found_or_changes_nothing_that_is_read()
    {
        using var folder = new TempFolder();
        var (bytes, hash) = await MakeAsync(folder);
        var random = new Random(1);
        var found = 0;
        for (var round = 0; round < (All ? 500 : 8); round++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[random.Next(100, bytes.Length)] ^= (byte)(1 << random.Next(8));
            var path = folder[$"{round}.db"];
            File.WriteAllBytes(path, damaged);
            if (await IsFoundAsync(path)) found++;
            else
            {
                await using var db = await EdgeDatabase.OpenAsync(path);
                Assert.Equal(hash, await db.GetStateHashAsync());
            }
            File.Delete(path);
        }
        Assert.True(found > 0);
    }

    [Fact]
    public async Task File_cut_off_at_a_page_boundary_is_found_out_and_gives_what_is_whole()
    {
        using var folder = new TempFolder();
        var (bytes, _) = await MakeAsync(folder);
        var pages = bytes.Length / SqliteSchema.PageBytes;
        await Assert.ThrowsAsync<EdgeStorageException>(() => CutAsync(folder, bytes, 1)); // the schema alone: there is nothing to save
        for (var page = 8; page < pages; page += All ? 1 : pages / 6)
        {
            var report = await CutAsync(folder, bytes, page);
            Assert.InRange(report.SavedCount, 0, 2300);
            Assert.True((await EdgeDatabase.VerifyAsync(report.Path)).IsSound);
        }
    }

    private static async Task<RepairReport> CutAsync(TempFolder folder, byte[] bytes, int pages)
    {
        var path = folder[$"{pages}.db"];
        File.WriteAllBytes(path, bytes.AsSpan(0, pages * SqliteSchema.PageBytes));
        Assert.True(await IsFoundAsync(path));
        return await EdgeDatabase.RepairAsync(path);
    }

    private static async Task<bool> IsFoundAsync(string path)
    {
        try { return !(await EdgeDatabase.VerifyAsync(path)).IsSound; }
        catch (EdgeStorageException) { return true; }
    }

    private static async Task<(byte[] Bytes, byte[] Hash)> MakeAsync(TempFolder folder)
    {
        byte[] hash;
        await using (var db = await EdgeDatabase.OpenAsync(folder["a.db"]))
        {
            await Task.WhenAll(Enumerable.Range(0, 2300).Select(i => db.Documents<Job>().EditAsync(DocumentId.Named($"{i % 40}"), i, static (job, i) => job.Minutes.Add(i))));
            Assert.True(await db.PackAsync() > 0);
            hash = await db.GetStateHashAsync();
        }
        return (File.ReadAllBytes(folder["a.db"]), hash);
    }
}
