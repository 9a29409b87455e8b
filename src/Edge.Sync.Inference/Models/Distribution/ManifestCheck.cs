using System.Collections.Concurrent;

namespace Edge.Sync.Inference;

/// <summary>Decides which manifests are believed, and which versions may still be loaded.</summary>
internal sealed class ManifestCheck(EdgeDatabase database, EdgeInferenceOptions options)
{
    private const int BelievedMax = 1_000;

    // What was seen once holds, even if the document that said so is deleted.
    private readonly ConcurrentDictionary<string, long> _floors = new(StringComparer.Ordinal);

    // Signatures that were found right, by the very text they cover: a check takes 0.1 ms, and floors look at all versions.
    private readonly ConcurrentDictionary<DocumentId, (string Text, string Signature, ModelVersion Version)> _believed = [];
    private ReadOnlyMemory<byte>? _ownKey;

    public static DocumentId IdOf(string statement) => SignedText.IdOf(statement);

    /// <summary>The version that a document describes, or why it is not believed.</summary>
    public async Task<(ModelVersion? Version, string? Fault)> ReadAsync(ManifestDocument document, CancellationToken cancellationToken)
    {
        var text = document.Statement;
        if (_believed.TryGetValue(document.Id, out var known) && known.Text == text && known.Signature == document.Signature
            && known.Version.Name == document.Model && known.Version.Version == document.Version)
            return (known.Version, null);
        if (SignedText.IdOf(text) != document.Id)
            return (null, "its manifest is not the one that its id names");
        if (SignedText.SignerOf(ManifestStatement.Purpose, text, document.Signature) is not { } publisher)
            return (null, "its manifest's signature is not right");
        if (!await MayPublishAsync(publisher, cancellationToken).ConfigureAwait(false))
            return (null, $"its publisher ({Convert.ToHexStringLower(publisher.Span[..8])}) is none of {nameof(EdgeInferenceOptions)}.{nameof(EdgeInferenceOptions.ModelPublishers)}");
        if (ManifestStatement.Read(text, out var fault) is not { } statement)
            return (null, $"its manifest is not one: {fault}");
        if (document.Model != statement.Name || document.Version != statement.Manifest.Version)
            return (null, "its document names another model or version than its manifest");
        _floors.AddOrUpdate(statement.Name, statement.Manifest.VersionFloor, (_, floor) => Math.Max(floor, statement.Manifest.VersionFloor));
        var version = new ModelVersion(document.Id, statement, publisher);
        if (_believed.Count >= BelievedMax)
            _believed.Clear();
        _believed[document.Id] = (text, document.Signature, version);
        return (version, null);
    }

    /// <summary>Whether a key may publish models, and decide on their rollout.</summary>
    public async Task<bool> MayPublishAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        if (options.ModelPublishers.Count == 0)
            return true;
        foreach (var publisher in options.ModelPublishers)
            if (publisher.Span.SequenceEqual(key.Span))
                return true;
        _ownKey ??= (await database.SignAsync(ManifestStatement.Purpose, default, cancellationToken).ConfigureAwait(false)).PublicKey;
        return _ownKey.Value.Span.SequenceEqual(key.Span);
    }

    /// <summary>The lowest version that may be loaded, by all manifests that are here and believed.</summary>
    public async Task<long> FloorAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var document in await database.Documents<ManifestDocument>().Where(m => m.Model == name).ToListAsync(cancellationToken).ConfigureAwait(false))
            await ReadAsync(document, cancellationToken).ConfigureAwait(false);
        return _floors.GetValueOrDefault(name);
    }

    /// <exception cref="EdgeModelException">The version is below the floor, or has expired.</exception>
    public async Task ThrowIfBarredAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (await FloorAsync(version.Name, cancellationToken).ConfigureAwait(false) is var floor && version.Version < floor)
            throw ModelCatalog.Refused(version, $"it is below the floor, {floor}, that a later version has set");
        if (version.Manifest.Expires is { } expires && options.TimeProvider.GetUtcNow() >= expires)
            throw ModelCatalog.Refused(version, $"it expired on {expires:u}");
    }
}
