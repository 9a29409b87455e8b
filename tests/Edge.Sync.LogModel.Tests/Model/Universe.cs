using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Sync.LogModel.Model;

/// <summary>All changes that were ever made while one world was explored: each once, by its id.</summary>
/// <param name="database">Part of every id, so that another number gives other orders among ids.</param>
internal sealed class Universe(int database)
{
    private readonly List<Change> _changes = [];
    private readonly Dictionary<UInt128, Change> _byId = [];
    private readonly Dictionary<(int, int, UInt128, ChangeKind, Operation, int, int, int, int), Change> _byContent = [];

    public Change this[int index] => _changes[index];

    /// <summary>A, B, C, D for the first feeds; a fresh one that the machine of D took is D', D''.</summary>
    public static string NameOf(int feed) => feed < 10 ? ((char)('A' + feed)).ToString() : (char)('A' + ((feed - 10) / FreshMax)) + new string('\'', 1 + ((feed - 10) % FreshMax));

    /// <summary>The <paramref name="number"/>th fresh feed of a machine.</summary>
    public static int FreshFeed(int slot, int number) => 10 + (slot * FreshMax) + number;

    private const int FreshMax = 64;

    public Change Commit(int feed, int previous, ChangeSet held, ChangeKind kind, Operation operation, int edit, int time, int subject = -1, int bound = 0)
    {
        var content = (feed, previous, held.Hash, kind, operation with { Removes = ChangeSet.Empty }, edit, time, subject, bound);
        if (operation.Removes.IsEmpty && _byContent.TryGetValue(content, out var same)) return same;
        // The heads commit to all of the past; hashing the whole of it comes to the same.
        var depth = 1;
        foreach (var i in held.Items) depth = Math.Max(depth, _changes[i].Depth + 1);
        var before = previous >= 0 ? _changes[previous] : null;
        var counter = before?.Feed == feed ? before.Counter + 1 : 1;
        var id = Hash(feed, counter, previous, held, kind, operation, time, subject, bound, edit);
        if (_byId.TryGetValue(id, out var known)) return known;
        var made = new Change
        {
            Index = _changes.Count,
            Id = id,
            Feed = feed,
            Counter = counter,
            Previous = previous,
            Root = before?.Root ?? feed,
            Kind = kind,
            Operation = operation,
            Edit = edit,
            Subject = subject,
            Bound = bound,
            Time = time,
            Depth = depth,
            Past = held,
        };
        _changes.Add(made);
        _byId.Add(id, made);
        _byContent.TryAdd(content, made);
        return made;
    }

    /// <summary>The feed in which the line that <paramref name="file"/> writes begins.</summary>
    public int RootOf(ReplicaFile file) => file.Head >= 0 ? _changes[file.Head].Root : file.Self;

    /// <summary>Whether <paramref name="change"/> is on the line that ends at <paramref name="end"/>: that, or what its author had written before it.</summary>
    public bool IsOnLine(int change, int end)
    {
        for (var at = end; at >= 0; at = _changes[at].Previous)
            if (at == change) return true;
        return false;
    }

    /// <summary>The ends of all lines in <paramref name="set"/>: a feed has as many as it has branches, and a feed that another goes on from has none.</summary>
    public List<Change> EndsOf(ChangeSet set)
    {
        var continued = new HashSet<int>();
        foreach (var i in set.Items) continued.Add(_changes[i].Previous);
        var ends = new List<Change>();
        foreach (var i in set.Items)
            if (!continued.Contains(i)) ends.Add(_changes[i]);
        return ends;
    }

    /// <summary>Whether another change of <paramref name="set"/> begins a branch where <paramref name="change"/> does.</summary>
    public bool HasSibling(Change change, ChangeSet set)
    {
        foreach (var i in set.Items)
        {
            var other = _changes[i];
            if (other != change && other.Previous == change.Previous && (change.Previous >= 0 || other.Feed == change.Feed)) return true;
        }
        return false;
    }

    /// <summary>In an order that extends causality and is the same everywhere.</summary>
    public Change[] InOrder(ChangeSet set)
    {
        var changes = new Change[set.Count];
        for (var i = 0; i < changes.Length; i++) changes[i] = _changes[set.Items[i]];
        Array.Sort(changes, static (a, b) => a.Depth != b.Depth ? a.Depth.CompareTo(b.Depth) : a.Id.CompareTo(b.Id));
        return changes;
    }

    private UInt128 Hash(int feed, int counter, int previous, ChangeSet held, ChangeKind kind, Operation operation, int time, int subject, int bound, int edit)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[40];
        foreach (var value in (ReadOnlySpan<int>)[database, feed, counter, (int)kind, (int)operation.Kind, operation.Value, operation.Document, time, bound, edit, held.Count])
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            sha.AppendData(bytes[..4]);
        }
        AppendId(sha, operation.Kind == OperationKind.Move ? -2 - operation.Target : operation.Target, bytes);
        AppendId(sha, previous, bytes);
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
