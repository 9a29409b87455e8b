using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>A document without its class, for tools: fields by their wire names. Inside an edit callback it can be written, and is dead after it; else it is a snapshot, safe on any thread.</summary>
/// <remarks>What merges by itself is reached by the type that it has in a class: <c>document.Get("Minutes", FieldType.Counter).Add(30)</c>. Fields that stay on the device are not among its fields.</remarks>
public sealed class DynamicDocument
{
    private readonly DynamicFields _fields;
    private readonly IReadOnlyDictionary<uint, string> _names;

    internal DynamicDocument(DocumentState state, IDeltaSink? sink, ReplicaId self, IReadOnlyDictionary<uint, string> names) => (_fields, _names) = (new(state, sink, self), names);

    /// <summary>The document.</summary>
    public DocumentId Id => _fields.State.Id;

    /// <summary>Its collection.</summary>
    public string Collection => _fields.State.Collection;

    /// <summary>The fields that have been written, whichever version of an app did that, by ascending id.</summary>
    public IReadOnlyList<DynamicField> Fields => [.. _fields.State.Fields.Select(written => new DynamicField(_names.GetValueOrDefault(written.Key.Id), written.Key.Id, Preflight.NameOf(written.Key.Kind)))];

    /// <summary>
    /// A field as a plain value: null, bool, long, double, string, Guid, DateTimeOffset, decimal, the members of a record by name; a list of these; what lies under the keys of a map, by key. Null where
    /// nothing was written. Setting it replaces the value of a register.
    /// </summary>
    /// <exception cref="NotSupportedException">On setting: values of that type cannot be stored.</exception>
    /// <exception cref="InvalidOperationException">On setting: the document is a snapshot, or its edit callback has ended; or the field holds something that is changed by its methods.</exception>
    public object? this[string field]
    {
        get
        {
            var id = FieldDefinition.HashOf(field);
            foreach (var (key, state) in _fields.State.Fields)
                if (key.Id == id) return PlainState.Of(state);
            return null;
        }

        set
        {
            var id = FieldDefinition.HashOf(field);
            foreach (var (key, _) in _fields.State.Fields)
                if (key.Id == id && key.Kind != CrdtKind.Register && _fields.State.Find(id, CrdtKind.Register) is null)
                    throw new InvalidOperationException($"Field '{field}' of collection '{Collection}' is a {Preflight.NameOf(key.Kind)}, which is changed by its methods. Use Get(\"{field}\", FieldType.…).");
            RegisterValue.Write(_fields.At(field), PlainState.Encode(value));
        }
    }

    /// <summary>What lies in a field, by the type that it has in a class; empty where nothing of that type was written.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="field">The wire name.</param>
    /// <param name="type">How the type is made: <see cref="FieldType.Counter"/>, <see cref="FieldType.Set{T}"/>.</param>
    public T Get<T>(string field, FieldType<T> type)
    {
        ArgumentException.ThrowIfNullOrEmpty(field);
        ArgumentNullException.ThrowIfNull(type);
        return type.Attach(_fields.At(field));
    }

    internal void Close() => _fields.Close();
}
