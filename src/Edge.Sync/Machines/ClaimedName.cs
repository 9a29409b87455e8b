using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync.Machines;

/// <summary>A value of a property with <see cref="UniqueClaimAttribute"/>: the document that stands for it, which says who has it and who of them bears it.</summary>
/// <remarks>
/// Who has it is a map, which outlives every decision: so who lost stays told until it lets go. Who bears it is the deepest hold, as in <see cref="NameClaim"/>; where that one has let go meanwhile, the lowest id of those
/// who have it. Both follow from the state alone, so all replicas agree.
/// </remarks>
internal sealed class ClaimedName(FieldStore store)
{
    /// <summary>No class of an app may have it (ES0006).</summary>
    public const string Collection = "edge-names";

    private const int OfCollection = 0, OfField = 1, Value = 2, HoldSlot = 3, ClaimantsSlot = 4;

    public static DocumentSchema Schema { get; } = DocumentSchema.For(Collection)
        .Register<string>("Collection", "Collection")
        .Register<string>("Field", "Field")
        .Register<string>("Name", "Name")
        .Record(NameHold.Record)
        .Field("Hold", "Hold", FieldType.Register<NameHold, DeepestHold>())
        .Field("Claimants", "Claimants", FieldType.Map<DocumentId, bool>(FieldType.Value<bool>()))
        .Build();

    /// <summary>The same on every replica, so that all who claim a name meet in one document.</summary>
    public static DocumentId IdOf(string collection, uint field, string name) => DocumentId.Named($"{collection}/{field:x8}/{name}");

    /// <summary>Who bears it; all zeros where nobody does.</summary>
    public DocumentId Bearer
    {
        get
        {
            var owner = Hold.Value.Owner;
            return Claimants.ContainsKey(owner) ? owner : Claimants.Keys.FirstOrDefault();
        }
    }

    public ReplicatedMap<DocumentId, bool> Claimants => store.Get<ReplicatedMap<DocumentId, bool>>(ClaimantsSlot);

    private Register<NameHold, DeepestHold> Hold => store.Get<Register<NameHold, DeepestHold>>(HoldSlot);

    /// <summary>Says whose name it is, once.</summary>
    public void Describe(string collection, string field, string name)
    {
        if (store.Get(OfCollection, "") == collection && store.Get(OfField, "") == field && store.Get(Value, "") == name) return;
        store.Set(OfCollection, collection);
        store.Set(OfField, field);
        store.Set(Value, name);
    }

    /// <summary>Makes a document the one that bears it, above all claims that are known here.</summary>
    public void Give(DocumentId document)
    {
        var depth = 0L;
        foreach (var value in Hold.Values) depth = Math.Max(depth, value.Value.Depth);
        Hold.Value = new(document, depth + 1);
    }

    /// <summary>Takes a document off; the next of those who have it bears it from then on. False, and nothing is written, where it does not have it.</summary>
    public bool Leave(DocumentId document)
    {
        if (!Claimants.Remove(document)) return false;
        if (Hold.Value.Owner == document) Give(Claimants.Keys.FirstOrDefault());
        return true;
    }

    /// <summary>Whether a document has the name whose document's state this is.</summary>
    public static bool IsClaimant(DocumentState name, DocumentId document) =>
        name.Find(Schema.Fields[ClaimantsSlot].Id, CrdtKind.Map) is MapState claimants && claimants.Contains(ValueCodec<DocumentId>.Encode(document));

    /// <summary>Of a document's state: all who have the name and do not bear it, each with the operation that said so. None where it is no such document, or says of itself what is not so.</summary>
    public static List<LostName> FindLosers(DocumentState document)
    {
        var losers = new List<LostName>();
        var store = FieldStore.Snapshot(Schema, document);
        var (collection, field, name) = (store.Get(OfCollection, ""), store.Get(OfField, ""), store.Get(Value, ""));
        var fieldId = FieldDefinition.HashOf(field);
        if (document.Id != IdOf(collection, fieldId, name) || document.Find(Schema.Fields[ClaimantsSlot].Id, CrdtKind.Map) is not MapState claimants) return losers;
        var claim = new ClaimedName(store);
        var bearer = claim.Bearer;
        foreach (var loser in claim.Claimants.Keys)
            if (loser != bearer && claimants.Find(ValueCodec<DocumentId>.Encode(loser), CrdtKind.Register) is RegisterState { Count: > 0 } told)
                losers.Add(new(collection, loser, fieldId, name, bearer, told.Values[^1].Dot, told.Values[^1].Stamp));
        return losers;
    }
}
