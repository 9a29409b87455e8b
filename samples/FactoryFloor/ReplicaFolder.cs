using FactoryFloor.Recording;

namespace FactoryFloor;

/// <summary>Where the replicas' files lie: a folder of the user's, which is kept, or a temporary one, which is not.</summary>
internal sealed class ReplicaFolder : IDisposable
{
    private readonly bool _isTemporary;

    private ReplicaFolder(string path, bool isTemporary) => (Path, _isTemporary) = (path, isTemporary);

    public string Path { get; }

    public static ReplicaFolder Open(string? wanted)
    {
        if (wanted is null)
            return new(Directory.CreateTempSubdirectory("factory-floor-").FullName, isTemporary: true);
        try
        {
            Directory.CreateDirectory(wanted);
            if (Directory.EnumerateFiles(wanted, "*.db").FirstOrDefault() is { } existing)
                throw new InputException($"{wanted}: there is a database already, {System.IO.Path.GetFileName(existing)}. Give a folder without databases: each run makes its own.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{wanted}: cannot be used as a folder: {e.Message}");
        }
        return new(wanted, isTemporary: false);
    }

    public void Dispose()
    {
        if (_isTemporary)
            Directory.Delete(Path, recursive: true);
    }
}
