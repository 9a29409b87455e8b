using System.Security.Cryptography;

namespace Edge.Sync.Tests.Storage;

/// <summary>Opens files that cannot be opened, and looks at what is left of them.</summary>
internal static class Opening
{
    public static async Task<EdgeStorageException> AssertRefusedAsync(EdgeDatabase database, EdgeErrorCode code, string path, string advice)
    {
        var error = await Assert.ThrowsAsync<EdgeStorageException>(() => database.EnsureOpenAsync());
        Assert.Equal(code, error.Code);
        Assert.Equal(path, error.Path);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        // Every member says the same, not only the first.
        Assert.Equal(code, (await Assert.ThrowsAsync<EdgeStorageException>(() => database.Documents<Job>().AddAsync(new Job()))).Code);
        return error;
    }

    public static string HashOf(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
