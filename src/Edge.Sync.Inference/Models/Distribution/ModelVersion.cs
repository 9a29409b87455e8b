namespace Edge.Sync.Inference;

/// <summary>A published version of a model, whose manifest was checked: it is whole, and its publisher is one this device trusts.</summary>
public sealed class ModelVersion
{
    internal ModelVersion(DocumentId id, ManifestStatement statement, ReadOnlyMemory<byte> publisher) => (Id, Statement, Publisher) = (id, statement, publisher);

    /// <summary>The manifest's document. It follows from all that the manifest says: what is called the same is the same.</summary>
    public DocumentId Id { get; }

    /// <summary>The model's name.</summary>
    public string Name => Statement.Name;

    /// <summary>Its version.</summary>
    public long Version => Statement.Manifest.Version;

    /// <summary>What the publisher says about it.</summary>
    public ModelManifest Manifest => Statement.Manifest;

    /// <summary>SHA-256 of the model's file, in 32 bytes.</summary>
    public ReadOnlyMemory<byte> Sha256 => Statement.Sha256;

    /// <summary>The length of the model's file in bytes.</summary>
    public long SizeBytes => Statement.SizeBytes;

    /// <summary>How many floats it takes.</summary>
    public int InputWidth => Statement.InputWidth;

    /// <summary>How many floats it answers.</summary>
    public int OutputWidth => Statement.OutputWidth;

    /// <summary>The device key that signed the manifest: X, Y.</summary>
    public ReadOnlyMemory<byte> Publisher { get; }

    internal ManifestStatement Statement { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Version}";
}
