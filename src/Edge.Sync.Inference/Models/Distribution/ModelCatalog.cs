using System.Security.Cryptography;
using Edge.Sync.Inference.Backends;

namespace Edge.Sync.Inference;

/// <summary>Models as documents of the database: they travel and merge like all else in it, and nothing of them is believed before it is checked. Safe for several threads.</summary>
internal sealed partial class ModelCatalog
{
    private readonly EdgeDatabase _database;
    private readonly EdgeInferenceOptions _options;
    private readonly IModelBlobs _blobs;
    private readonly ManifestCheck _check;

    internal ModelCatalog(EdgeDatabase database, EdgeInferenceOptions options, IModelBlobs? blobs = null)
    {
        (_database, _options) = (database, options);
        _blobs = blobs ?? new DocumentModelBlobs(database);
        _check = new(database, options);
    }

    private DocumentSet<ManifestDocument> Manifests => _database.Documents<ManifestDocument>();

    /// <summary>Publishes a version: stores its file in pieces, then its manifest, signed with this device's key. Nothing serves it before it is rolled out.</summary>
    /// <remarks>The model is opened once beforehand, so what cannot run is not published. To publish the same again does nothing. About 1.4 bytes are stored for each byte of the file.</remarks>
    /// <param name="name">The model's name, 1 to 256 characters.</param>
    /// <param name="onnx">The <c>.onnx</c> file; read to its end and left open.</param>
    /// <param name="manifest">What is to be said about it.</param>
    /// <param name="cancellationToken">Stops between two pieces; a later call goes on where this one ended.</param>
    /// <exception cref="EdgeModelException">
    /// The model cannot be opened, is too large, is below the floor, or its version is taken by another file.
    /// </exception>
    public async Task<ModelVersion> PublishAsync(string name, Stream onnx, ModelManifest manifest, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(onnx);
        ArgumentNullException.ThrowIfNull(manifest);
        // To the millisecond, which is what the statement holds.
        manifest = manifest with { Expires = manifest.Expires is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires.ToUnixTimeMilliseconds()) : null };
        if (ManifestStatement.Validate(name, manifest) is { } fault)
            throw new ArgumentException($"The model '{name}' cannot be published: {fault}.", nameof(manifest));
        var bytes = await ReadToEndAsync(name, manifest.Version, onnx, cancellationToken).ConfigureAwait(false);
        var (inputWidth, outputWidth) = ModelShape.Of(name, bytes, _options.ModelBytesMax);
        var chunks = await StoreAsync(bytes, cancellationToken).ConfigureAwait(false);
        var statement = new ManifestStatement
        {
            Name = name,
            Manifest = manifest,
            Sha256 = SHA256.HashData(bytes),
            SizeBytes = bytes.Length,
            Chunks = chunks,
            InputWidth = inputWidth,
            OutputWidth = outputWidth,
        };
        await ThrowIfTakenAsync(statement, cancellationToken).ConfigureAwait(false);
        return await SignAsync(statement, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The versions of a model that are here and whole in what their manifests say, lowest first. Versions that are refused are not among them: see <see cref="VerifyAsync"/>.</summary>
    public async Task<IReadOnlyList<ModelVersion>> ListAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var versions = new List<ModelVersion>();
        foreach (var document in await Manifests.Where(m => m.Model == name).OrderBy(m => m.Version).ToListAsync(cancellationToken).ConfigureAwait(false))
            if (await _check.ReadAsync(document, cancellationToken).ConfigureAwait(false) is { Version: { } version })
                versions.Add(version);
        return versions;
    }

    /// <summary>Checks every version of a model that is here, with all its bytes, and says of each what is wrong, or that a part has not arrived.</summary>
    public async Task<IReadOnlyList<EdgeModelException>> VerifyAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var faults = new List<EdgeModelException>();
        foreach (var document in await Manifests.Where(m => m.Model == name).OrderBy(m => m.Version).ToListAsync(cancellationToken).ConfigureAwait(false))
            try
            {
                await ReadAsync(await FindAsync(document.Id, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (EdgeModelException e)
            {
                faults.Add(e);
            }
        return faults;
    }

    /// <summary>The version of a manifest's document.</summary>
    /// <exception cref="EdgeModelException">It is not here, or refused.</exception>
    public async Task<ModelVersion> FindAsync(DocumentId id, CancellationToken cancellationToken = default)
    {
        var document = await Manifests.FindAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new EdgeModelException(id.ToString(), version: null, $"The model version {id} has not arrived on this device. Wait for the next sync.");
        var (version, fault) = await _check.ReadAsync(document, cancellationToken).ConfigureAwait(false);
        return version ?? throw new EdgeModelException(document.Model, document.Version, $"The model '{document.Model}' version {document.Version} is refused: {fault}.");
    }

    /// <summary>The bytes of a version's file, checked against its manifest; and the manifest against floor and expiry.</summary>
    /// <exception cref="EdgeModelException">A piece has not arrived or is not what was signed, or the version may not be loaded any more.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(ModelVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(version);
        var (bytes, missing) = await ReadPiecesAsync(version, cancellationToken).ConfigureAwait(false);
        return bytes ?? throw Refused(version, $"piece {missing + 1} of {version.Statement.Chunks.Count} has not arrived");
    }

    /// <summary>As ReadAsync; null while a piece has not arrived.</summary>
    public async Task<ReadOnlyMemory<byte>?> TryReadAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await ReadPiecesAsync(version, cancellationToken).ConfigureAwait(false)).Bytes is { } bytes ? bytes : (ReadOnlyMemory<byte>?)null;

    private async Task<(byte[]? Bytes, int Missing)> ReadPiecesAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        await _check.ThrowIfBarredAsync(version, cancellationToken).ConfigureAwait(false);
        if (version.SizeBytes > _options.ModelBytesMax)
            throw TooLarge(version.Name, version.Version, version.SizeBytes);
        var bytes = new byte[version.SizeBytes];
        var rest = bytes.AsMemory();
        var chunks = version.Statement.Chunks;
        for (var i = 0; i < chunks.Count; i++)
        {
            if (await _blobs.ReadAsync(chunks[i], cancellationToken).ConfigureAwait(false) is not { } chunk)
                return (null, i);
            if (chunk.Length > rest.Length || !SHA256.HashData(chunk).AsSpan().SequenceEqual(chunks[i]))
                throw Refused(version, $"piece {i + 1} of {chunks.Count} is not what the publisher signed");
            chunk.CopyTo(rest);
            rest = rest[chunk.Length..];
        }
        if (!rest.IsEmpty || !SHA256.HashData(bytes).AsSpan().SequenceEqual(version.Sha256.Span))
            throw Refused(version, "its file is not what the publisher signed");
        return (bytes, 0);
    }

    internal Task<bool> MayPublishAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) => _check.MayPublishAsync(key, cancellationToken);

    internal static EdgeModelException Refused(ModelVersion version, string fault) =>
        new(version.Name, version.Version, $"The model '{version.Name}' version {version.Version} is refused: {fault}.");

    private async Task<byte[]> ReadToEndAsync(string name, long version, Stream onnx, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var part = new byte[80 << 10];
        while (await onnx.ReadAsync(part, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            if (buffer.Length + count > _options.ModelBytesMax)
                throw TooLarge(name, version, buffer.Length + count);
            buffer.Write(part, 0, count);
        }
        return buffer.ToArray();
    }

    private EdgeModelException TooLarge(string name, long version, long size) => new(name, version,
        $"The model '{name}' version {version} has {size} bytes or more; the limit is {_options.ModelBytesMax}. Raise {nameof(EdgeInferenceOptions)}.{nameof(EdgeInferenceOptions.ModelBytesMax)} if that is what you mean to run.");

    private async Task<List<byte[]>> StoreAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var hashes = new List<byte[]>();
        for (var from = 0; from < bytes.Length; from += _blobs.ChunkBytesMax)
        {
            var chunk = bytes.AsMemory(from, Math.Min(_blobs.ChunkBytesMax, bytes.Length - from));
            hashes.Add(SHA256.HashData(chunk.Span));
            await _blobs.WriteAsync(hashes[^1], chunk, cancellationToken).ConfigureAwait(false);
        }
        return hashes;
    }

    private async Task ThrowIfTakenAsync(ManifestStatement statement, CancellationToken cancellationToken)
    {
        var version = statement.Manifest.Version;
        var floor = await _check.FloorAsync(statement.Name, cancellationToken).ConfigureAwait(false);
        if (version < floor)
            throw new EdgeModelException(statement.Name, version, $"The model '{statement.Name}' version {version} is below the floor, {floor}, that a later version has set: no device would load it. Publish it under a higher version.");
        foreach (var other in await ListAsync(statement.Name, cancellationToken).ConfigureAwait(false))
            if (other.Version == version && other.Id != ManifestCheck.IdOf(statement.ToJson()))
                throw new EdgeModelException(statement.Name, version, $"The model '{statement.Name}' has a version {version} already, with another file or manifest. Publish this one under a higher version.");
    }

    private async Task<ModelVersion> SignAsync(ManifestStatement statement, CancellationToken cancellationToken)
    {
        var text = statement.ToJson();
        var id = ManifestCheck.IdOf(text);
        var signed = await SignedText.SignAsync(_database, ManifestStatement.Purpose, text, cancellationToken).ConfigureAwait(false);
        if (await Manifests.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { Statement.Length: > 0 })
            await Manifests.EditAsync(id, (statement, text, signed), static (document, s) =>
            {
                (document.Model, document.Version) = (s.statement.Name, s.statement.Manifest.Version);
                (document.Statement, document.Signature) = (s.text, s.signed);
            }, cancellationToken).ConfigureAwait(false);
        return await FindAsync(id, cancellationToken).ConfigureAwait(false);
    }
}
