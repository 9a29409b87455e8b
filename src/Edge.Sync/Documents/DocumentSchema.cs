using System.ComponentModel;
using Edge.Sync.Crdts;
using Edge.Sync.Documents;

namespace Edge.Sync;

/// <summary>The collection and the fields of a document class. Made by generated code; immutable.</summary>
public sealed class DocumentSchema
{
    private readonly FieldDefinition[] _fields;

    private DocumentSchema(string collection, FieldDefinition[] fields) => (Collection, _fields) = (collection, fields);

    /// <summary>The collection's name on the wire, and its SQL table's.</summary>
    public string Collection { get; }

    internal IReadOnlyList<FieldDefinition> Fields => _fields;

    internal FieldDefinition? FindProperty(string property) => Array.Find(_fields, field => field.Property == property);

    /// <summary>Starts a schema. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static Builder For(string collection) => new(collection);

    /// <summary>Collects fields in the order of their slots. For generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public sealed class Builder
    {
        private readonly string _collection;
        private readonly List<FieldDefinition> _fields = [];

        internal Builder(string collection) => _collection = collection;

        /// <summary>A field whose value is replaced as a whole.</summary>
        /// <typeparam name="T">The value's type, without its question mark.</typeparam>
        /// <param name="property">The property's name.</param>
        /// <param name="name">The wire name.</param>
        /// <param name="nullable">Whether the property's type has a question mark.</param>
        public Builder Register<T>(string property, string name, bool nullable = false) => Add(property, name, CrdtKind.Register, ColumnTypes.Of<T>(name), nullable);

        /// <summary>A field whose value is replaced as a whole, and which reads as a constant before one has arrived.</summary>
        /// <typeparam name="T">The value's type.</typeparam>
        /// <param name="property">The property's name.</param>
        /// <param name="name">The wire name.</param>
        /// <param name="initialValue">The constant. It is never written to the log.</param>
        public Builder Register<T>(string property, string name, T initialValue)
        {
            var column = ColumnTypes.Of<T>(name);
            _fields.Add(new(property, name, CrdtKind.Register, column, column, false) { InitialValue = ValueCodec<T>.Encode(initialValue) });
            return this;
        }

        /// <summary>A <see cref="Edge.Sync.Counter"/>.</summary>
        public Builder Counter(string property, string name) => Add(property, name, CrdtKind.Counter, ColumnType.Integer, false);

        /// <summary>A <see cref="ReplicatedSet{T}"/>.</summary>
        public Builder Set<T>(string property, string name)
        {
            _fields.Add(new(property, name, CrdtKind.Set, ColumnType.JsonArray, ColumnTypes.Of<T>(name), false));
            return this;
        }

        /// <summary>A <see cref="ReplicatedText"/>.</summary>
        public Builder Text(string property, string name) => Add(property, name, CrdtKind.Text, ColumnType.Text, false);

        /// <summary>The finished schema.</summary>
        public DocumentSchema Build() => new(_collection, [.. _fields]);

        private Builder Add(string property, string name, CrdtKind kind, ColumnType column, bool nullable)
        {
            _fields.Add(new(property, name, kind, column, column, nullable));
            return this;
        }
    }
}
