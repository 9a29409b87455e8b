using System.Buffers;
using System.Security.Cryptography;
using MessagePack;

namespace Edge.Sync.Log;

/// <summary>
/// The branches of feeds that have forked, because a file was copied or rolled back and both went on. Empty in nearly every database, and then without cost.
/// </summary>
/// <remarks>
/// <para>Up to where its branches part, a feed keeps its name. Each branch behind that has a name of its own, which follows from the id of its first change: so all who hold the
/// same changes call them alike, and a change, which has one id, has one place. A branch may fork again.</para>
/// <para>An author names what it follows and edits by the names that it knew. Which these were follows from the change's past: who had seen one branch only
/// called it by the name of what it goes on from. So for each feed is kept from which of its changes on each branch is in its past.</para>
/// <para>Invariants: all branches behind one feed or branch begin at its end; there are two of them at least.</para>
/// </remarks>
internal sealed class FeedTree
{
    /// <summary>As many branches may part at one place. Whoever holds a feed's key could make any number.</summary>
    public const int BranchesMax = 4096;

    private readonly Dictionary<ReplicaId, Branch> _branches = [];
    private readonly Dictionary<ReplicaId, List<ReplicaId>> _children = [];
    private readonly Dictionary<ReplicaId, List<(ReplicaId Branch, ulong From)>> _seen = [];
    private readonly SortedSet<ReplicaId> _left = [];

    /// <param name="Root">The feed.</param>
    /// <param name="Parent">The feed or branch that it goes on from.</param>
    /// <param name="After">The counter behind which it begins.</param>
    internal readonly record struct Branch(ReplicaId Root, ReplicaId Parent, ulong After);

    public bool IsEmpty => _branches.Count == 0;

    public int BranchCount => _branches.Count;

    /// <summary>Whether what is stored of it is to be written again.</summary>
    public bool IsDirty { get; set; }

    /// <summary>The feeds that this file has written under and left, since there is another copy of it.</summary>
    public IReadOnlyCollection<ReplicaId> Left => _left;

    /// <summary>The feeds that have branches, with the number of ends that each has.</summary>
    public IEnumerable<(ReplicaId Root, int Count)> Forks =>
        _branches.Where(branch => !_children.ContainsKey(branch.Key)).GroupBy(static branch => branch.Value.Root).Select(static ends => (ends.Key, ends.Count())).OrderBy(static fork => fork.Key);

    /// <summary>The name of a branch.</summary>
    /// <param name="database">The database.</param>
    /// <param name="first">The id of its first change.</param>
    public static ReplicaId NameOf(DatabaseId database, ChangeId first)
    {
        var tag = "edge-sync/branch/1\0"u8;
        Span<byte> input = stackalloc byte[19 + (2 * Hash256.SizeBytes)];
        tag.CopyTo(input);
        database.Hash.WriteTo(input[tag.Length..]);
        first.Hash.WriteTo(input[(tag.Length + Hash256.SizeBytes)..]);
        Span<byte> hash = stackalloc byte[Hash256.SizeBytes];
        SHA256.HashData(input, hash);
        return ReplicaId.FromBytes(hash[..ReplicaId.SizeBytes]);
    }

    public bool TryGet(ReplicaId name, out Branch branch) => _branches.TryGetValue(name, out branch);

    public bool IsForked(ReplicaId name) => _children.ContainsKey(name);

    /// <summary>The feed that a branch belongs to; the name itself where it is a feed's.</summary>
    public ReplicaId RootOf(ReplicaId name) => _branches.TryGetValue(name, out var branch) ? branch.Root : name;

    public IReadOnlyList<ReplicaId> ChildrenOf(ReplicaId name) => _children.TryGetValue(name, out var children) ? children : [];

    /// <summary>A feed or branch, and all branches behind it.</summary>
    public IEnumerable<ReplicaId> SubtreeOf(ReplicaId name)
    {
        yield return name;
        foreach (var child in ChildrenOf(name))
            foreach (var below in SubtreeOf(child))
                yield return below;
    }

    /// <summary>Notes that what follows <paramref name="after"/> in a feed or branch is a branch of its own from now on.</summary>
    public void Split(ReplicaId name, ulong after, ReplicaId branch)
    {
        if (_children.Remove(name, out var children))
        {
            _children[branch] = children;
            foreach (var child in children)
                _branches[child] = _branches[child] with { Parent = branch };
        }
        Add(name, after, branch);
    }

    /// <summary>Notes a branch that begins where a feed or branch ends.</summary>
    public void Add(ReplicaId name, ulong after, ReplicaId branch)
    {
        _branches.Add(branch, new(RootOf(name), name, after));
        if (!_children.TryGetValue(name, out var children)) _children.Add(name, children = []);
        children.Add(branch);
        children.Sort();
        IsDirty = true;
    }

    /// <summary>Notes that this file goes on under another name than <paramref name="feed"/>.</summary>
    public void Leave(ReplicaId feed) => IsDirty |= _left.Add(feed);

    /// <summary>The branches that a change and its past have changes of.</summary>
    /// <param name="last">The change, by its name here.</param>
    /// <param name="seen">Gets them.</param>
    public void AddSeen(Dot last, HashSet<ReplicaId> seen)
    {
        while (true)
        {
            if (_seen.TryGetValue(last.Replica, out var list))
                foreach (var (branch, from) in list)
                    if (from <= last.Counter) seen.Add(branch);
            if (!_branches.TryGetValue(last.Replica, out var own)) return;
            seen.Add(last.Replica);
            last = new(own.Parent, own.After);
        }
    }

    /// <summary>The branches that a change has changes of in its past, and its own.</summary>
    /// <param name="before">The change before it in its feed.</param>
    /// <param name="dependencies">What else it follows.</param>
    /// <param name="own">The feed or branch that it is in.</param>
    public HashSet<ReplicaId> SeenBy(Dot before, Dot[] dependencies, ReplicaId own)
    {
        var seen = new HashSet<ReplicaId>();
        AddSeen(before, seen);
        foreach (var dependency in dependencies)
            AddSeen(dependency, seen);
        if (_branches.ContainsKey(own)) seen.Add(own);
        return seen;
    }

    /// <summary>Whether an author who had seen these branches can have called anything by a name: it had a name of its own to whoever had seen another branch beside it.</summary>
    public bool IsName(ReplicaId name, HashSet<ReplicaId> seen) =>
        !_branches.TryGetValue(name, out var branch) || (seen.Contains(name) && _children[branch.Parent].Count(seen.Contains) > 1);

    /// <summary>Notes which branches are in the past of a change.</summary>
    public void Note(Dot last, Dot before, HashSet<ReplicaId> seen)
    {
        if (seen.Count == 0) return;
        var known = new HashSet<ReplicaId>();
        AddSeen(before, known);
        if (_branches.ContainsKey(last.Replica)) known.Add(last.Replica);
        foreach (var branch in seen)
        {
            if (known.Contains(branch)) continue;
            if (!_seen.TryGetValue(last.Replica, out var list)) _seen.Add(last.Replica, list = []);
            list.Add((branch, last.Counter));
            IsDirty = true;
        }
    }

    /// <summary>Forgets what <see cref="Note"/> has noted: the log is read again.</summary>
    public void ForgetSeen() => _seen.Clear();

    /// <summary>The names of a change; null where they are those that its author wrote.</summary>
    /// <param name="change">The change, with its names as written.</param>
    /// <param name="before">The change before it in its feed; counter 0 for the first one.</param>
    /// <param name="dependencies">What it follows, by names here.</param>
    /// <param name="own">The feed or branch that it is in.</param>
    /// <param name="seen">The branches in its past and its own.</param>
    public BranchNames? NamesOf(Change change, Dot before, Dot[] dependencies, ReplicaId own, HashSet<ReplicaId> seen)
    {
        var written = change.Written;
        var chains = new List<DotNames.Chain>();
        foreach (var top in _children.Keys)
            if (IsName(top, seen) && IsNamedIn(change, top) && ChainOf(top, seen) is { Parts.Length: > 1 } chain) chains.Add(chain);
        chains.Sort(static (a, b) => a.Written.CompareTo(b.Written));
        if (chains.Count == 0 && own == written.Replica && (before.Counter == 0 || before.Replica == own) && dependencies.AsSpan().SequenceEqual(written.Dependencies)) return null;
        return new(own, before.Counter == 0 ? own : before.Replica, Array.ConvertAll(dependencies, static dot => dot.Replica), new([.. chains]));
    }

    private DotNames.Chain ChainOf(ReplicaId top, HashSet<ReplicaId> seen)
    {
        var parts = new List<DotNames.Part>();
        var at = top;
        while (_children.TryGetValue(at, out var children) && Only(children, seen) is { } child)
        {
            parts.Add(new(_branches[child].After, at));
            at = child;
        }
        parts.Add(new(ulong.MaxValue, at));
        return new(top, [.. parts]);
    }

    private static ReplicaId? Only(List<ReplicaId> children, HashSet<ReplicaId> seen)
    {
        ReplicaId? only = null;
        foreach (var child in children)
        {
            if (!seen.Contains(child)) continue;
            if (only is not null) return null;
            only = child;
        }
        return only;
    }

    // What cannot be looked into may name anything.
    private static bool IsNamedIn(Change change, ReplicaId name)
    {
        Span<byte> bytes = stackalloc byte[ReplicaId.SizeBytes];
        name.WriteTo(bytes);
        if (change.Bytes.Span.IndexOf(bytes) >= 0) return true;
        var reader = new BodyReader(change.Body);
        while (reader.Read())
            if (reader.IsAbsent || reader.Envelope.Kind > SectionKind.Document) return true;
        return false;
    }

    /// <summary>
    /// [ [ branch, parent, counter, ... ] parents first, [ feed or branch, branch, counter, ... ] from which change on it is in the past, [ feed, ... ] that this file has left ]
    /// </summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(3);
        writer.WriteArrayHeader(_branches.Count * 3);
        foreach (var root in _branches.Values.Select(static branch => branch.Root).Distinct().Order())
            foreach (var name in SubtreeOf(root).Skip(1))
                WriteEntry(ref writer, name, _branches[name].Parent, _branches[name].After);
        writer.WriteArrayHeader(_seen.Values.Sum(static list => list.Count) * 3);
        foreach (var (feed, list) in _seen.OrderBy(static entry => entry.Key))
            foreach (var (branch, from) in list)
                WriteEntry(ref writer, feed, branch, from);
        writer.WriteArrayHeader(_left.Count);
        foreach (var feed in _left)
            writer.Write(feed.ToByteArray());
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="EdgeDataException">The bytes are damaged.</exception>
    public void Load(ReadOnlyMemory<byte> bytes)
    {
        _branches.Clear();
        _children.Clear();
        _seen.Clear();
        _left.Clear();
        if (!bytes.IsEmpty) Read(bytes);
        IsDirty = false;
    }

    private void Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes, default);
        reader.ReadArrayHeader("branches", 3, exactly: true);
        for (var left = reader.ReadArrayHeader("branches.tree"); left > 0; left -= 3)
        {
            var branch = reader.ReadReplicaId("branches.branch");
            Add(reader.ReadReplicaId("branches.parent"), reader.ReadUInt64("branches.after"), branch);
        }
        for (var left = reader.ReadArrayHeader("branches.seen"); left > 0; left -= 3)
        {
            var feed = reader.ReadReplicaId("branches.feed");
            if (!_seen.TryGetValue(feed, out var list)) _seen.Add(feed, list = []);
            list.Add((reader.ReadReplicaId("branches.branch"), reader.ReadUInt64("branches.from")));
        }
        for (var left = reader.ReadArrayHeader("branches.left"); left > 0; left--)
            _left.Add(reader.ReadReplicaId("branches.left"));
        reader.ReadEnd("branches");
    }

    private static void WriteEntry(ref MessagePackWriter writer, ReplicaId first, ReplicaId second, ulong counter)
    {
        writer.Write(first.ToByteArray());
        writer.Write(second.ToByteArray());
        writer.Write(counter);
    }
}
