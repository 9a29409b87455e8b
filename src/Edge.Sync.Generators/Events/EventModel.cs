using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;

namespace Edge.Sync.Generators.Events;

/// <summary>What the generator needs to know of one record with <c>[EdgeEvent]</c> that stands for all events of its collection, by value.</summary>
/// <param name="Namespace">Escaped; empty for the global one.</param>
/// <param name="Containers">The heads of the types around the record, outermost first.</param>
/// <param name="Name">The record's name, escaped.</param>
/// <param name="FullName">As it is used elsewhere: <c>global::App.JobEvent</c>.</param>
/// <param name="Collection">The collection's name on the wire.</param>
/// <param name="ClosesItself">Whether the generator adds a private constructor, so that no record outside can derive.</param>
/// <param name="Records">The record structs that members are made of, inner ones first.</param>
/// <param name="Cases">The events, in the order of their declaration.</param>
/// <param name="Schema">What they are on the wire.</param>
internal sealed record EventModel(
    string Namespace, EquatableArray<string> Containers, string Name, string FullName, string Collection, bool ClosesItself, EquatableArray<RecordModel> Records, EquatableArray<EventCaseModel> Cases, EquatableArray<SchemaLine> Schema);

/// <summary>One event.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Type">Fully qualified.</param>
/// <param name="Text">The library's description of its members, as C# text.</param>
internal sealed record EventCaseModel(string Name, string Type, string Text);

/// <summary>What reading a record gave.</summary>
/// <param name="Model">Null where there is nothing to generate.</param>
/// <param name="Problems">Empty for a good record.</param>
internal sealed record EventReading(EventModel? Model, EquatableArray<DiagnosticInfo> Problems);
