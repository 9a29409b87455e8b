namespace Edge.Sync;

/// <summary>What differs between two versions of a document.</summary>
/// <param name="DocumentId">The document.</param>
/// <param name="ExistedBefore">Whether it existed in the first version.</param>
/// <param name="ExistsAfter">Whether it exists in the second.</param>
/// <param name="Fields">The fields that differ, in the order of the class; then those that the class does not have.</param>
public sealed record DocumentDiff(DocumentId DocumentId, bool ExistedBefore, bool ExistsAfter, IReadOnlyList<FieldDiff> Fields);

/// <summary>What differs in one field.</summary>
/// <param name="Field">The wire name; for a field that the class does not have, its id as eight hexadecimal digits; under a key of a map, empty.</param>
public abstract record FieldDiff(string Field);

/// <summary>A register, a flag, a greatest or a least value that shows another value.</summary>
/// <param name="Field">The field.</param>
/// <param name="Before">Null, bool, long, double, string, Guid, DateTimeOffset, decimal, or the members of a record by name; enums are their number. Null also where nothing had been written.</param>
/// <param name="After">Like <paramref name="Before"/>.</param>
public sealed record ValueDiff(string Field, object? Before, object? After) : FieldDiff(Field);

/// <summary>A counter that has another sum.</summary>
/// <param name="Field">The field.</param>
/// <param name="Before">The sum before.</param>
/// <param name="After">The sum after.</param>
public sealed record AmountDiff(string Field, long Before, long After) : FieldDiff(Field);

/// <summary>
/// A set, an event log, a list or a tree with other elements, each as in <see cref="ValueDiff"/>: of lists and trees in the order in which they are read,
/// else in canonical order. An element of a list that was set is removed with the one value and added with the other.
/// </summary>
/// <param name="Field">The field.</param>
/// <param name="Added">What is there after and was not before.</param>
/// <param name="Removed">What was there before and is not after.</param>
/// <param name="Moved">Elements of a list, or nodes of a tree, that are there in both and were moved.</param>
public sealed record ElementsDiff(string Field, IReadOnlyList<object?> Added, IReadOnlyList<object?> Removed, IReadOnlyList<object?> Moved) : FieldDiff(Field);

/// <summary>A map with other keys, or other things under a key.</summary>
/// <param name="Field">The field.</param>
/// <param name="Added">Keys that are there after and were not before.</param>
/// <param name="Removed">Keys that were there before and are not after.</param>
/// <param name="Changed">What differs under the keys that are there in both.</param>
public sealed record KeysDiff(string Field, IReadOnlyList<object?> Added, IReadOnlyList<object?> Removed, IReadOnlyList<KeyDiff> Changed) : FieldDiff(Field);

/// <summary>What differs under a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Differences">One for each kind of content under it that differs.</param>
public sealed record KeyDiff(object? Key, IReadOnlyList<FieldDiff> Differences);

/// <summary>A text that was edited.</summary>
/// <param name="Field">The field.</param>
/// <param name="Edits">What makes the one of the other, from left to right: each index counts in the text that the edits before it have made.</param>
public sealed record TextDiff(string Field, IReadOnlyList<TextRunDiff> Edits) : FieldDiff(Field);

/// <summary>Characters that were inserted or deleted next to each other: by their identity, so that a word that was typed again is another one.</summary>
/// <param name="IsInsertion">Whether they were inserted, or deleted.</param>
/// <param name="Index">Where, in UTF-16 code units.</param>
/// <param name="Text">The characters.</param>
public sealed record TextRunDiff(bool IsInsertion, int Index, string Text);
