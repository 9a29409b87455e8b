using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync.LogModel.Model;

/// <summary>All changes that were ever made while one world was explored: each once, by its id.</summary>
/// <param name="database">Part of every id, so that another number gives other orders among ids.</param>
internal sealed class Universe(int database)
{
    private readonly List<Change> _changes = [];
    private readonly Dictionary<UInt128, Change> _byId = [];

    public Change this[int index] => _changes[index];

    /// <summary>A, B, C, D for the first feeds; a fresh one that the machine of D took is D', D''.</summary>
    public static string NameOf(int feed) => feed < 10 ? ((char)('A' + feed)).ToString() : (char)('A' + ((feed - 10) / 8)) + new string('\'', 1 + ((feed - 10) % 8));

    /// <summary>The <paramref name="number"/>th fresh feed of a machine.</summary>
    public static int FreshFeed(int slot, int number) => 10 + (slot * 8) + number;

    public Change Commit(int feed, ChangeSet held, ChangeKind kind, Operation operation, int edit, int time, int origin = -1, int subject = -1, int bound = 0)
    {
        // The heads commit to all of the past; hashing the whole of it comes to the same.
        Change? previous = null;
        var depth = 1;
        foreach (var i in held.Items)
        {
            var change = _changes[i];
            if (change.Feed == feed && (previous is null || change.Counter > previous.Counter)) previous = change;
            depth = Math.Max(depth, change.Depth + 1);
        }
        var counter = (previous?.Counter ?? 0) + 1;
        var id = Hash(feed, counter, held, kind, operation, time, origin, subject, bound, edit);
        if (_byId.TryGetValue(id, out var known)) return known;
        var made = new Change
        {
            Index = _changes.Count,
            Id = id,
            Feed = feed,
            Counter = counter,
            Kind = kind,
            Operation = operation,
            Edit = edit,
            Origin = origin,
            Subject = subject,
            Bound = bound,
            Time = time,
            Depth = depth,
            Past = held,
        };
        _changes.Add(made);
        _byId.Add(id, made);
        return made;
    }

    /// <summary>In an order that extends causality and is the same everywhere.</summary>
    public Change[] InOrder(ChangeSet set)
    {
        var changes = new Change[set.Count];
        for (var i = 0; i < changes.Length; i++) changes[i] = _changes[set.Items[i]];
        Array.Sort(changes, static (a, b) => a.Depth != b.Depth ? a.Depth.CompareTo(b.Depth) : a.Id.CompareTo(b.Id));
        return changes;
    }

    private UInt128 Hash(int feed, int counter, ChangeSet held, ChangeKind kind, Operation operation, int time, int origin, int subject, int bound, int edit)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[40];
        foreach (var value in (ReadOnlySpan<int>)[database, feed, counter, (int)kind, (int)operation.Kind, operation.Value, time, bound, edit, held.Count])
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            sha.AppendData(bytes[..4]);
        }
        AppendId(sha, operation.Kind == OperationKind.Move ? -2 - operation.Target : operation.Target, bytes);
        AppendId(sha, origin, bytes);
        AppendId(sha, kind == ChangeKind.Reject ? subject : -2 - subject, bytes);
        foreach (var i in InOrder(held)) AppendId(sha, i.Index, bytes);
        foreach (var i in InOrder(operation.Removes)) AppendId(sha, i.Index, bytes);
        sha.GetHashAndReset(bytes[..32]);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private void AppendId(IncrementalHash sha, int index, Span<byte> scratch)
    {
        BinaryPrimitives.WriteUInt128BigEndian(scratch, index >= 0 ? _changes[index].Id : (UInt128)(uint)-index);
        sha.AppendData(scratch[..16]);
    }
}
