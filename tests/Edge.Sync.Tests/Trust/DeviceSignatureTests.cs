using System.Text;

namespace Edge.Sync.Tests.Trust;

public class DeviceSignatureTests
{
    [Fact]
    public async Task Signature_covers_one_statement_for_one_purpose_by_one_key()
    {
        using var folder = new TempFolder();
        await using var alice = await EdgeDatabase.OpenAsync(folder["alice.db"]);
        await using var bob = await EdgeDatabase.OpenAsync(folder["bob.db"]);
        var statement = Encoding.UTF8.GetBytes("recipe 7");
        var signature = await alice.SignAsync("app/recipe", statement);
        Assert.True(signature.Covers("app/recipe", statement));
        Assert.False(signature.Covers("app/order", statement));
        Assert.False(signature.Covers("app/recipe", "recipe 8"u8));
        Assert.False(signature.Covers("app", Encoding.UTF8.GetBytes("/reciperecipe 7")));
        Assert.True(new DeviceSignature(signature.PublicKey, signature.Bytes).Covers("app/recipe", statement));
        Assert.False(new DeviceSignature((await bob.SignAsync("app/recipe", statement)).PublicKey, signature.Bytes).Covers("app/recipe", statement));
        for (var length = 0; length < DeviceKey.SignatureSizeBytes; length++)
            Assert.False(new DeviceSignature(signature.PublicKey, signature.Bytes[..length]).Covers("app/recipe", statement));
        Assert.False(new DeviceSignature(new byte[DeviceKey.PublicKeySizeBytes], signature.Bytes).Covers("app/recipe", statement));
        Assert.False(new DeviceSignature(default, signature.Bytes).Covers("app/recipe", statement));
    }
}
