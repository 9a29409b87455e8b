using System.Text;

namespace Edge.Sync.Tests.Purging;

/// <summary>Looks for text in a database file as it lies on the disk, whatever SQLite says is in it.</summary>
internal static class RawBytes
{
    public static bool Has(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new[] { "", "-wal", "-shm" }.Any(suffix => File.Exists(path + suffix) && Read(path + suffix).AsSpan().IndexOf(bytes) >= 0);
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
