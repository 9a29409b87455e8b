namespace Edge.Sync.Log;

/// <summary>A change as the store holds it.</summary>
internal readonly record struct StoredChange
{
    private readonly ChangeId _id;
    private readonly Lazy<ChangeId[]>? _ids;
    private readonly int _index;

    /// <param name="sequence">Its place.</param>
    /// <param name="last">The dot of its last operation.</param>
    /// <param name="id">Its id.</param>
    /// <param name="bytes">Header and body.</param>
    /// <param name="signature">The seal behind it; empty where none stands there.</param>
    public StoredChange(long sequence, Dot last, ChangeId id, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> signature = default) =>
        (Sequence, Last, _id, Bytes, Signature) = (sequence, last, id, bytes, signature);

    /// <summary>One of a run of changes whose ids are computed together, and only if anybody asks.</summary>
    public StoredChange(long sequence, Dot last, Lazy<ChangeId[]> ids, int index, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> signature) : this(sequence, last, default(ChangeId), bytes, signature) =>
        (_ids, _index) = (ids, index);

    /// <summary>Its place in this replica's order of arrival. Local: it never goes on the wire.</summary>
    public long Sequence { get; }

    /// <summary>The dot of its last operation.</summary>
    public Dot Last { get; }

    /// <summary>Its id.</summary>
    /// <exception cref="EdgeDataException">It is packed, and what it follows is not known: the file is damaged.</exception>
    public ChangeId Id => _ids is null ? _id : _ids.Value[_index];

    /// <summary>Header and body, and what its names mean here in front of them where that is not what they say: for <see cref="Change.ParseStored"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The seal behind it; empty where none stands there.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>The ids of what it follows directly, for a peer that asks for them.</summary>
    public ReadOnlyMemory<byte> Past { get; init; }

    /// <summary>As it goes to a peer.</summary>
    public ReceivedChange ToReceived() => new(Change.BytesOf(Bytes), Signature, Past);
}
