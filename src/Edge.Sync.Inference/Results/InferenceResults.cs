namespace Edge.Sync.Inference;

/// <summary>What models said, by subject and by version of the model. Decisions that are saved to documents leave a result each.</summary>
/// <remarks>Results are a projection: dropping those of a model loses nothing that cannot be computed again. Safe for several threads.</remarks>
public sealed class InferenceResults
{
    private readonly EdgeDatabase? _database;

    internal InferenceResults(EdgeDatabase? database) => _database = database;

    private DocumentSet<ResultDocument> Documents =>
        (_database ?? throw new InvalidOperationException("There is no database to keep results in.")).Documents<ResultDocument>();

    /// <summary>Which models said something that was saved to a document, on what input; the newest first.</summary>
    public async Task<IReadOnlyList<InferenceResult>> OfAsync(DocumentId subject, CancellationToken cancellationToken = default)
    {
        var id = subject.ToString();
        return Read(await Documents.Where(r => r.Subject == id).ToListAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What one version of a model said about a document: never anything of another version. The newest first.</summary>
    public async Task<IReadOnlyList<InferenceResult>> OfAsync(DocumentId subject, ModelHash model, CancellationToken cancellationToken = default)
    {
        var (id, hash) = (subject.ToString(), model.ToString());
        return Read(await Documents.Where(r => r.Subject == id && r.ModelHash == hash).ToListAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>All that one version of a model said; the newest first.</summary>
    public async Task<IReadOnlyList<InferenceResult>> OfModelAsync(ModelHash model, CancellationToken cancellationToken = default)
    {
        var hash = model.ToString();
        return Read(await Documents.Where(r => r.ModelHash == hash).ToListAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Whether a version of a model has been asked about an input for a document: then there is nothing to compute again.</summary>
    public async Task<bool> ContainsAsync(DocumentId subject, ModelHash model, InputVersion input, CancellationToken cancellationToken = default) =>
        await Documents.FindAsync(IdOf(subject, model, input), cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Drops what a version of a model said, everywhere. The decisions themselves stay.</summary>
    /// <returns>How many results.</returns>
    public async Task<int> DropAsync(ModelHash model, CancellationToken cancellationToken = default)
    {
        var hash = model.ToString();
        var all = await Documents.Where(r => r.ModelHash == hash).ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var result in all)
            await Documents.DeleteAsync(result.Id, cancellationToken).ConfigureAwait(false);
        return all.Count;
    }

    /// <summary>Writes a result into the change that saves its decision.</summary>
    internal static void Add(ChangeBuilder change, InferenceResult result)
    {
        var provenance = result.Provenance;
        var document = change.Document<ResultDocument>(IdOf(result.Subject, provenance.ModelHash, provenance.InputVersion));
        document.Subject = result.Subject.ToString();
        document.Model = provenance.Model;
        document.Version = provenance.Version ?? 0;
        document.ModelHash = provenance.ModelHash.ToString();
        document.Place = provenance.Place;
        document.InputVersion = provenance.InputVersion.ToString();
        document.Score = result.Score;
        document.SavedAt = result.SavedAt;
    }

    private static DocumentId IdOf(DocumentId subject, ModelHash model, InputVersion input) => DocumentId.Named($"inference-result/{subject}/{model}/{input}");

    // What another replica wrote need not be well formed; such a result is no one's.
    private static List<InferenceResult> Read(IReadOnlyList<ResultDocument> documents)
    {
        var results = new List<InferenceResult>(documents.Count);
        foreach (var d in documents)
            if (Guid.TryParseExact(d.Subject, "N", out var subject) && ModelHash.TryParse(d.ModelHash, out var hash) && InputVersion.TryParse(d.InputVersion, out var input))
                results.Add(new(new(subject), d.Score, d.SavedAt, new(d.Model, d.Version == 0 ? null : d.Version, hash, d.Place, input)));
        results.Sort(static (a, b) => b.SavedAt.CompareTo(a.SavedAt));
        return results;
    }
}
