namespace Edge.Sync.Inference.Tests.Docs;

/// <summary>A current directory for code that is written as in a program of its own. It belongs to the whole process, so such tests run while no other does.</summary>
[CollectionDefinition(nameof(OwnFolder), DisableParallelization = true)]
public sealed class OwnFolder : ICollectionFixture<OwnFolder>
{
    public IDisposable Enter() => new Entered();

    private sealed class Entered : IDisposable
    {
        private readonly string _before = Environment.CurrentDirectory;
        private readonly string _folder = Directory.CreateTempSubdirectory("edge-page-").FullName;

        public Entered() => Environment.CurrentDirectory = _folder;

        public void Dispose()
        {
            Environment.CurrentDirectory = _before;
            Directory.Delete(_folder, recursive: true);
        }
    }
}
