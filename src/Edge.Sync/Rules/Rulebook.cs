namespace Edge.Sync.Rules;

/// <summary>The rules of a database, by collection.</summary>
internal sealed class Rulebook(IEnumerable<IDocumentRules> rules)
{
    private readonly Dictionary<string, IDocumentRules[]> _rules = rules.GroupBy(static of => of.Collection).ToDictionary(static of => of.Key, static of => of.ToArray());

    public bool IsEmpty => _rules.Count == 0;

    public IDocumentRules[] Of(string collection) => _rules.GetValueOrDefault(collection) ?? [];
}
