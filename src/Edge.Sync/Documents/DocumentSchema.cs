using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The collection and the fields of a document class, or the fields of an object class. Made by generated code; immutable.</summary>
public sealed class DocumentSchema
{
    private readonly FieldDefinition[] _fields;
    private readonly FieldType?[] _types;

    private DocumentSchema(string collection, FieldDefinition[] fields, FieldType?[] types, DeletePolicy deletePolicy, bool isForgettable) =>
        (Collection, _fields, _types, DeletePolicy, IsForgettable, HasLocalFields, IsFlat, HasColumns) =
            (collection, fields, types, deletePolicy, isForgettable, Array.Exists(fields, static field => field.IsLocal), !isForgettable && Array.TrueForAll(fields, static field => field.Use == ColumnUse.All), !isForgettable && Array.Exists(fields, static field => field.Use != ColumnUse.None));

    /// <summary>The collection's name on the wire, and its SQL table's; empty for an object within documents.</summary>
    public string Collection { get; }

    /// <summary>How deletions of these documents are written: a replica without the class goes by what is written.</summary>
    internal DeletePolicy DeletePolicy { get; }

    /// <summary>Whether these documents are written encrypted, each with keys of its own. A replica without the class goes by what is written.</summary>
    internal bool IsForgettable { get; }

    internal IReadOnlyList<FieldDefinition> Fields => _fields;

    /// <summary>Whether there are fields that stay on the device.</summary>
    internal bool HasLocalFields { get; }

    /// <summary>Whether the columns of the read model have all that the properties show, so that a query need not read states.</summary>
    internal bool IsFlat { get; }

    /// <summary>Whether the columns have anything that the properties show.</summary>
    internal bool HasColumns { get; }

    /// <summary>What each field is made of; null for a plain value.</summary>
    internal IReadOnlyList<FieldType?> Types => _types;

    internal FieldDefinition? FindProperty(string property) => Array.Find(_fields, field => field.Property == property);

    /// <summary>Starts a schema. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Builder For(string collection) => new(collection);

    /// <summary>Starts the schema of an object within documents. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Builder ForObject() => new("");

    /// <summary>Collects fields in the order of their slots. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly string _collection;
        private readonly List<FieldDefinition> _fields = [];
        private readonly List<FieldType?> _types = [];
        private DeletePolicy _deletePolicy;
        private bool _isForgettable;

        internal Builder(string collection) => _collection = collection;

        /// <summary>How deletions of these documents are written.</summary>
        public Builder Delete(DeletePolicy policy)
        {
            _deletePolicy = policy;
            return this;
        }

        /// <summary>How a record struct is stored that fields further on hold.</summary>
        public Builder Record<T>(RecordType<T> type)
        {
            ArgumentNullException.ThrowIfNull(type);
            ValueCodec<T>.Record = type;
            return this;
        }

        /// <summary>Keeps the last field on the device.</summary>
        public Builder LocalOnly() => Change(static field => field with { IsLocal = true });

        /// <summary>These documents are written encrypted, so that one can be forgotten.</summary>
        public Builder Forgettable()
        {
            _isForgettable = true;
            return this;
        }

        /// <summary>A field whose value is replaced as a whole.</summary>
        /// <typeparam name="T">The value's type, without its question mark.</typeparam>
        /// <param name="property">The property's name.</param>
        /// <param name="name">The wire name.</param>
        /// <param name="nullable">Whether the property's type has a question mark.</param>
        public Builder Register<T>(string property, string name, bool nullable = false) => Add(new(property, name, FieldShape.OfValue<T>(), nullable) { Use = ColumnUse.All }, null);

        /// <summary>A field whose value is replaced as a whole, and which reads as a constant before one has arrived.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="property">The property's name.</param>
        /// <param name="name">The wire name.</param>
        /// <param name="initialValue">The constant. It is never written to the log.</param>
        public Builder Register<T>(string property, string name, T initialValue) =>
            Add(new(property, name, FieldShape.OfValue<T>(), false) { InitialValue = ValueCodec<T>.Encode(initialValue), Use = ColumnUse.All }, null);

        /// <summary>A field of a type that merges by itself.</summary>
        public Builder Field(string property, string name, FieldType type)
        {
            ArgumentNullException.ThrowIfNull(type);
            return Add(new(property, name, type.Shape, false) { Use = type.Use }, type);
        }

        /// <summary>Lets the last field take the place of an old one.</summary>
        public Builder Lens<TOld, TNew, TLens>(string oldName) where TLens : ILens<TOld, TNew> =>
            Change(field => field with { Lens = FieldLens.Of<TOld, TNew, TLens>(oldName), IsLensed = true });

        /// <summary>Gives the last field's column an index.</summary>
        public Builder Indexed() => Change(static field => field with { IsIndexed = true });

        /// <summary>Puts the last field's text into the full-text index.</summary>
        public Builder Searchable() => Change(static field => field with { IsSearchable = true });

        /// <summary>Lets only one document of the collection have a value of the last field.</summary>
        public Builder UniqueClaim() => Change(static field => field with { IsUnique = true });

        /// <summary>The finished schema.</summary>
        public DocumentSchema Build() => new(_collection, [.. _fields], [.. _types], _deletePolicy, _isForgettable);

        private Builder Change(Func<FieldDefinition, FieldDefinition> change)
        {
            _fields[^1] = change(_fields[^1]);
            return this;
        }

        private Builder Add(FieldDefinition field, FieldType? type)
        {
            _fields.Add(field);
            _types.Add(type);
            return this;
        }
    }
}
