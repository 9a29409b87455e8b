using System.Security.Cryptography;
using Edge.Sync.Trust;

namespace Edge.Sync.Tests.Storage;

public class DamagedKeyTests
{
    [Fact]
    public void Bit_flipped_anywhere_in_a_key_gives_one_kind_of_error_or_none()
    {
        var sound = TestKeys.Key.Export();
        var refused = 0;
        for (var bit = 0; bit < sound.Length * 8; bit++)
        {
            var bytes = (byte[])sound.Clone();
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            try { SoftwareKey.Import(bytes); }
            catch (CryptographicException) { refused++; }
        }
        Assert.True(refused > sound.Length * 4, $"{refused} of {sound.Length * 8}");
    }
}
