using System.ComponentModel;
using Edge.Sync.Documents;
using Edge.Sync.Machines;

namespace Edge.Sync;

/// <summary>How a device shall be and how it says that it is. A property of a document: <c>public partial Twin&lt;Setpoints, Readings&gt; Twin { get; }</c>. Both sides may write both halves.</summary>
/// <typeparam name="TDesired">A class with <see cref="EdgeObjectAttribute"/>: what is asked of the device.</typeparam>
/// <typeparam name="TReported">A class with <see cref="EdgeObjectAttribute"/>: what the device tells of itself.</typeparam>
/// <remarks>
/// <para>On concurrent edits: two who ask for different things at once both get them, field by field; of two values of one field the later stands. Each edit of the desired half counts as one
/// (<see cref="DesiredVersion"/>), so after both there are two more.</para>
/// <para>A device that has done what it read reports the version that it read. Since its report comes after what it had read everywhere, equal versions mean that exactly what this replica shows
/// was done: no edit that is known here is left out, whoever made it. What is not known here yet, nobody can tell. Undoing an edit of the desired half is no version: ask anew instead.</para>
/// </remarks>
[EdgeObject]
public sealed class Twin<TDesired, TReported> : IEdgeObject<Twin<TDesired, TReported>>, INotifyPropertyChanged
    where TDesired : class, IEdgeObject<TDesired> where TReported : class, IEdgeObject<TReported>
{
    private static readonly DocumentSchema s_schema = DocumentSchema.ForObject()
        .Field(nameof(Desired), nameof(Desired), FieldType.EdgeObject<TDesired>())
        .Field(nameof(Reported), nameof(Reported), FieldType.EdgeObject<TReported>())
        .Field(nameof(DesiredVersion), nameof(DesiredVersion), FieldType.GrowCounter)
        .Field(nameof(AppliedVersion), nameof(AppliedVersion), FieldType.MaxRegister<long>())
        .Build();

    private readonly FieldStore _store;

    /// <summary>A twin of which nothing is known, in a document that is made with <c>new</c>.</summary>
    public Twin() => _store = FieldStore.Detached(s_schema);

    private Twin(FieldStore store) => _store = store;

    static DocumentSchema IEdgeObject<Twin<TDesired, TReported>>.Schema => s_schema;

    FieldStore IEdgeObject<Twin<TDesired, TReported>>.Store => _store;

    static Twin<TDesired, TReported> IEdgeObject<Twin<TDesired, TReported>>.Attach(FieldStore store) => new(store);

    /// <summary>Raised while the document is live.</summary>
    event PropertyChangedEventHandler? INotifyPropertyChanged.PropertyChanged
    {
        add => _store.AddPropertyChanged(this, value);
        remove => _store.RemovePropertyChanged(value);
    }

    /// <summary>What is asked of the device: to read. <see cref="Ask(Action{TDesired})"/> writes it.</summary>
    [Field(nameof(Desired))]
    public TDesired Desired => ReadOnly<TDesired>(0, nameof(Ask));

    /// <summary>What the device last told: to read. <see cref="Report(long, Action{TReported})"/> writes it.</summary>
    [Field(nameof(Reported))]
    public TReported Reported => ReadOnly<TReported>(1, nameof(Report));

    /// <summary>How many edits of the desired half are known here.</summary>
    [Field(nameof(DesiredVersion))]
    public GrowCounter DesiredVersion => _store.Get<GrowCounter>(2);

    /// <summary>The highest version that the device has reported to have done; 0 before the first report.</summary>
    [Field(nameof(AppliedVersion))]
    public MaxRegister<long> AppliedVersion => _store.Get<MaxRegister<long>>(3);

    /// <summary>Whether something is asked of the device that it has not reported to have done. In a query: <c>j.Twin.AppliedVersion.Value &lt; j.Twin.DesiredVersion.Value</c>.</summary>
    public bool IsInDrift => AppliedVersion.Value < DesiredVersion.Value;

    /// <summary>Asks something of the device: one more version.</summary>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Ask(Action<TDesired> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        edit(_store.Get<TDesired>(0));
        DesiredVersion.Add(1);
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Ask(Func<TDesired, Task> edit) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    /// <summary>Tells how the device is, having done all that was asked up to a version.</summary>
    /// <param name="appliedVersion">The <see cref="DesiredVersion"/> of the snapshot by which the device acted; 0 where it has done nothing that was asked.</param>
    /// <param name="edit">Writes what it tells.</param>
    /// <exception cref="ArgumentOutOfRangeException">A version that is not known here: the device cannot have read it.</exception>
    /// <exception cref="InvalidOperationException">The document is a snapshot, or its edit callback has ended.</exception>
    public void Report(long appliedVersion, Action<TReported> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        ArgumentOutOfRangeException.ThrowIfNegative(appliedVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(appliedVersion, DesiredVersion.Value);
        edit(_store.Get<TReported>(1));
        AppliedVersion.Reach(appliedVersion);
    }

    /// <summary>Not for use: the callback must be synchronous. Await what you need first, then edit.</summary>
    [Obsolete("The edit callback must be synchronous: await first, then edit.", error: true)]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Report(long appliedVersion, Func<TReported, Task> edit) => throw new NotSupportedException("The edit callback must be synchronous: await first, then edit.");

    // A half that were written beside its method would be in no version.
    private T ReadOnly<T>(int slot, string instead) where T : class, IEdgeObject<T> =>
        FieldType.EdgeObject<T>().Attach(new(new ReadOnlyOwner(_store, $"This half of a twin is written by Twin.{instead}, which counts the edit."), slot));
}
