using Edge.Sync.Generators.Diagnostics;
using Edge.Sync.Generators.Documents;

namespace Edge.Sync.Generators.Series;

/// <summary>What the generator needs to know of one struct with <c>[EdgeSeries]</c>, by value.</summary>
/// <param name="Namespace">Escaped; empty for the global one.</param>
/// <param name="Containers">The heads of the types around the struct, outermost first.</param>
/// <param name="Name">The struct's name, escaped.</param>
/// <param name="FullName">Its name as it is used elsewhere.</param>
/// <param name="Series">The name in the file.</param>
/// <param name="Members">The constructor's first.</param>
/// <param name="ConstructedCount">How many the constructor takes.</param>
internal sealed record SeriesModel(string Namespace, EquatableArray<string> Containers, string Name, string FullName, string Series, EquatableArray<SeriesMember> Members, int ConstructedCount);

/// <summary>What a member of a point is.</summary>
internal enum SeriesRole { Key, Time, Single, Double, Boolean, Integer, Enum }

/// <summary>A member of a point.</summary>
/// <param name="Name">Not escaped.</param>
/// <param name="Role">What it is.</param>
/// <param name="Type">Fully qualified, for integers and enums.</param>
internal sealed record SeriesMember(string Name, SeriesRole Role, string Type);

/// <summary>What reading a struct gave.</summary>
/// <param name="Model">Null where nothing can be generated.</param>
/// <param name="Problems">Empty for a good struct.</param>
internal sealed record SeriesReading(SeriesModel? Model, EquatableArray<DiagnosticInfo> Problems);
