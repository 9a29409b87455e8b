using System.Security.Cryptography;
using System.Text;

namespace Edge.Sync.Log;

/// <summary>Names a logical database. For an open one it is a hash of its name, so that files which were made apart merge when they meet.</summary>
internal readonly record struct DatabaseId(Hash256 Hash)
{
    public static DatabaseId OfOpen(string name) =>
        new(Hash256.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes("edge-sync/open-database/0\0" + name))));

    public override string ToString() => Hash.ToString();
}
