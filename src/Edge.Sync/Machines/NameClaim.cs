using System.ComponentModel;

namespace Edge.Sync;

/// <summary>Which document bears a name that only one may bear: a number plate, a login, an article number. A property of a document that stands for the name itself.</summary>
/// <remarks>
/// <para>The document's id is made of the name, <c>DocumentId.Named("plate/ZH 1234")</c>, so that all who claim it meet in one document, offline too.</para>
/// <para>On concurrent edits: Alice and Bob, offline, claim one name: each is told that it is theirs. Once they meet it is of one, on every replica alike (<see cref="DeepestHold"/>), and
/// <see cref="Losers"/> names the other until somebody writes again. So a claim is provisional until all who may claim have heard of it; <see cref="Confirm"/> it once peers have it, and a first claim
/// that comes later loses, however early its clock says that it was made.</para>
/// </remarks>
[EdgeObject]
public sealed class NameClaim : IEdgeObject<NameClaim>, INotifyPropertyChanged
{
    private static readonly DocumentSchema s_schema = DocumentSchema.ForObject()
        .Record(NameHold.Record)
        .Field(nameof(Hold), nameof(Hold), FieldType.Register<NameHold, DeepestHold>())
        .Build();

    private readonly FieldStore _store;

    /// <summary>A name that nobody bears, in a document that is made with <c>new</c>.</summary>
    public NameClaim() => _store = FieldStore.Detached(s_schema);

    private NameClaim(FieldStore store) => _store = store;

    static DocumentSchema IEdgeObject<NameClaim>.Schema => s_schema;

    FieldStore IEdgeObject<NameClaim>.Store => _store;

    static NameClaim IEdgeObject<NameClaim>.Attach(FieldStore store) => new(store);

    /// <summary>Raised while the document is live.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged
    {
        add => _store.AddPropertyChanged(this, value);
        remove => _store.RemovePropertyChanged(value);
    }

    /// <summary>The claim that stands.</summary>
    [Field(nameof(Hold))]
    public NameHold Hold => Register.Value;

    /// <summary>The documents whose claims lost against the one that stands, which did not know of them: they need another name. None once somebody has written who knows.</summary>
    public IReadOnlyList<DocumentId> Losers
    {
        get
        {
            var owner = Hold.Owner;
            return [.. Register.Values.Select(static value => value.Value.Owner).Where(loser => loser != owner && loser != default).Distinct().Order()];
        }
    }

    private Register<NameHold, DeepestHold> Register => _store.Get<Register<NameHold, DeepestHold>>(0);

    /// <summary>Claims the name for a document. False, and nothing is written, where another bears it as far as this replica knows; true, and nothing is written, where this one does.</summary>
    /// <exception cref="ArgumentException"><paramref name="owner"/> is all zeros.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool TryClaim(DocumentId owner)
    {
        ThrowIfNone(owner);
        var current = Hold.Owner;
        if (current == default) Write(owner);
        return current == default || current == owner;
    }

    /// <summary>Deepens the claim of a document that bears the name, once its claim has spread: what did not know of it then loses. False, and nothing is written, where it does not bear the name.</summary>
    /// <exception cref="ArgumentException"><paramref name="owner"/> is all zeros.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Confirm(DocumentId owner) => Replace(owner, owner);

    /// <summary>Gives the name back. False, and nothing is written, where the document does not bear it.</summary>
    /// <exception cref="ArgumentException"><paramref name="owner"/> is all zeros.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public bool Release(DocumentId owner) => Replace(owner, default);

    private bool Replace(DocumentId owner, DocumentId by)
    {
        ThrowIfNone(owner);
        if (Hold.Owner != owner) return false;
        Write(by);
        return true;
    }

    private void Write(DocumentId owner)
    {
        long depth = 0;
        foreach (var value in Register.Values) depth = Math.Max(depth, value.Value.Depth);
        Register.Value = new(owner, depth + 1);
    }

    private static void ThrowIfNone(DocumentId owner)
    {
        if (owner == default) throw new ArgumentException("A document's id is wanted.", nameof(owner));
    }
}
