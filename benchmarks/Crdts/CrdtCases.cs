using System.Text;
using Edge.Sync.Causality;
using Edge.Sync.Crdts;
using Edge.Sync.Wire;
using MessagePack;

namespace Edge.Sync.Benchmarks;

/// <summary>The types beside text. Each case checks its result; a wrong one shows as NaN.</summary>
internal static class CrdtCases
{
    private static readonly HybridTimestamp s_stamp = new(1);

    public static bool Run(int runs) =>
        MicroCommand.Report("floor: HashSet<string>, 10,000 adds", runs, Floor)
        & MicroCommand.Report("set: 10,000 adds, each encoded, decoded and joined at a second replica", runs, SetAdds)
        & MicroCommand.Report("set: merge of two with 10,000 elements, half shared", runs, SetMerge)
        & MicroCommand.Report("set: 10,000 elements, what a peer lacks who has all but 100", runs, SetFragment)
        & MicroCommand.Report("counter: 100,000 increments made, joined at a second replica", runs, () => Counter(encoded: false))
        & MicroCommand.Report("counter: the same, each encoded and decoded", runs, () => Counter(encoded: true))
        & MicroCommand.Report("register: 1,540 clients set one, batch encoded, decoded and joined", runs, RegisterBatch)
        & MicroCommand.Report("map: 1,540 clients set one key, batch encoded, decoded and joined", runs, MapBatch)
        & MicroCommand.Report("map: 6,000 keys set, each joined here, encoded, decoded and joined there", runs, MapSets)
        & MicroCommand.Report("map: 6,000 sets over 100 keys, the same", runs, MapOverwrites)
        & MicroCommand.Report("event log: 10,000 appends, each joined here, encoded, decoded and joined there", runs, EventLog)
        & MicroCommand.Report("tree: 10,000 nodes appended, each joined here, encoded, decoded and joined there", runs, TreeAppends)
        & MicroCommand.Report("tree: two clients with 5,000 moves each, offline, merge both ways", runs, TreeMerge)
        & MicroCommand.Report("list: 10,000 inserts at random places, each joined here, encoded, decoded and joined there", runs, () => List(moves: 0))
        & MicroCommand.Report("list: 10,000 moves among 1,000 elements, the same", runs, () => List(moves: 10_000))
        & MicroCommand.Report("list: two clients with 5,000 moves and sets each among 1,000 elements, offline, merge of the two states", runs, ListMerge)
        & MicroCommand.Report("rich text: 10,000 marks on 100,000 characters, each joined here, encoded, decoded and joined there", runs, RichTextCases.Marks)
        & MicroCommand.Report("rich text: its spans", runs, RichTextCases.Render)
        & MicroCommand.Report("rich text: 100 keystrokes in it, its spans after each", runs, RichTextCases.RenderAfterEach)
        & MicroCommand.Report("text without marks: 100,000 keystrokes in 100,000 characters, each joined here, encoded, decoded and joined there", runs, RichTextCases.PlainTyping)
        & MicroCommand.Report("rich text with 10,000 marks: the same", runs, RichTextCases.MarkedTyping);

    private static double Floor()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => $"element {i}").ToArray();
        return Time(() =>
        {
            var set = new HashSet<string>();
            foreach (var key in keys) set.Add(key);
            return set.Count == keys.Length;
        });
    }

    private static double SetAdds()
    {
        var values = Values(10_000);
        var (id, here, there) = (Id(0), new SetState(), new SetState());
        return Time(() =>
        {
            var batch = new DeltaBatch([id]);
            for (var i = 0; i < values.Length; i++)
            {
                var delta = here.Add(new(id, (ulong)i + 1), values[i]);
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return there.Count == values.Length;
        });
    }

    private static double SetMerge()
    {
        var values = Values(15_000);
        var (a, b) = (new SetState(), new SetState());
        Fill(a, Id(0), 0, 5_000);
        Fill(b, Id(0), 0, 5_000);
        Fill(a, Id(0), 5_000, 10_000);
        Fill(b, Id(1), 10_000, 15_000);
        var (ours, theirs) = (new VersionVector(), new VersionVector());
        ours.Include(new(Id(0), 10_000));
        theirs.Include(new(Id(0), 5_000));
        theirs.Include(new(Id(1), 15_000));
        return Time(() =>
        {
            a.Join(b, new(ours), new(theirs));
            return a.Count == 15_000;
        });

        void Fill(SetState state, ReplicaId id, int start, int end)
        {
            for (var i = start; i < end; i++) state.Join(state.Add(new(id, (ulong)i + 1), values[i]), s_stamp);
        }
    }

    private static double SetFragment()
    {
        var values = Values(10_000);
        var set = new SetState();
        for (var i = 0; i < values.Length; i++) set.Join(set.Add(new(Id(0), (ulong)i + 1), values[i]), s_stamp);
        var (version, peer) = (new VersionVector(), new VersionVector());
        version.Include(new(Id(0), 10_000));
        peer.Include(new(Id(0), 9_900));
        return Time(() => ((SetState)set.Since(version, peer).State).Count == 100);
    }

    private static double Counter(bool encoded)
    {
        var (id, here, there) = (Id(0), new CounterState(), new CounterState());
        var batch = new DeltaBatch([id]);
        return Time(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                var delta = here.Add(new(id, (ulong)i + 1), 1);
                if (encoded) batch.Add(delta);
                else there.Join(delta, s_stamp);
            }
            if (encoded) batch.JoinInto(there, s_stamp);
            return there.Value == 100_000;
        });
    }

    private static double RegisterBatch()
    {
        var (ids, values) = (Ids(1_540), Values(1_540));
        var there = new RegisterState();
        return Time(() =>
        {
            var batch = new DeltaBatch(ids);
            for (var i = 0; i < ids.Length; i++) batch.Add(new RegisterState().Set(new(ids[i], 1), values[i]));
            batch.JoinInto(there, s_stamp);
            return there.Count == ids.Length;
        });
    }

    private static double MapBatch()
    {
        var (ids, values) = (Ids(1_540), Values(1_540));
        var (there, key) = (new MapState(), Values(1)[0]);
        return Time(() =>
        {
            var batch = new DeltaBatch(ids);
            for (var i = 0; i < ids.Length; i++) batch.Add(there.Edit(key, new RegisterState().Set(new(ids[i], 1), values[i])));
            batch.JoinInto(there, s_stamp);
            return there.Find(key, CrdtKind.Register) is RegisterState register && register.Count == ids.Length;
        });
    }

    private static double MapSets() => Map(6_000, 6_000);

    private static double MapOverwrites() => Map(6_000, 100);

    private static double Map(int count, int keyCount)
    {
        var (id, keys, here, there) = (Id(0), Values(keyCount), new MapState(), new MapState());
        return Time(() =>
        {
            var batch = new DeltaBatch([id]);
            ulong counter = 1;
            for (var i = 0; i < count; i++)
            {
                var key = keys[i % keyCount];
                var delta = here.Edit(key, ((RegisterState)here.FindOrNew(key, CrdtKind.Register)).Set(new(id, counter), key));
                counter += (ulong)delta.DotCount;
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return there.Count == keyCount;
        });
    }

    private static double EventLog()
    {
        var (id, values, here, there) = (Id(0), Values(10_000), new EventLogState(), new EventLogState());
        return Time(() =>
        {
            var batch = new DeltaBatch([id]);
            for (var i = 0; i < values.Length; i++)
            {
                var delta = here.Append(new(id, (ulong)i + 1), values[i]);
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return there.Entries.Length == values.Length;
        });
    }

    private static double TreeAppends()
    {
        // A hundred folders with a hundred files each.
        var (id, value, here, there) = (Id(0), Values(1)[0], new TreeState(), new TreeState());
        return Time(() =>
        {
            var batch = new DeltaBatch([id]);
            var folder = TreeState.Root;
            for (var i = 0; i < 10_000; i++)
            {
                var dot = new Dot(id, (ulong)i + 1);
                var delta = here.Create(dot, i % 100 == 0 ? TreeState.Root : folder, i % 100 == 0 ? i / 100 : (i % 100) - 1, value);
                if (i % 100 == 0) folder = dot;
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return there.Children(TreeState.Root).Count == 100 && there.Children(folder).Count == 99;
        });
    }

    private static double TreeMerge()
    {
        const int NodeCount = 1_000;
        const int MoveCount = 5_000;
        var value = Values(1)[0];
        var trees = new[] { new TreeState(), new TreeState() };
        for (var i = 0; i < NodeCount; i++)
        {
            var delta = trees[0].Create(new(Id(0), (ulong)i + 1), TreeState.Root, i, value);
            foreach (var tree in trees) tree.Join(delta, s_stamp);
        }
        var batches = new DeltaBatch[2];
        for (var client = 0; client < 2; client++)
        {
            var random = new Random(client);
            var (id, tree) = (Id(client), trees[client]);
            batches[client] = new([Id(0), Id(1)]);
            for (var i = 0; i < MoveCount; i++)
            {
                var (node, parent) = (new Dot(Id(0), (ulong)random.Next(NodeCount) + 1), new Dot(Id(0), (ulong)random.Next(NodeCount) + 1));
                if (IsUnder(tree, parent, node)) parent = TreeState.Root;
                var delta = tree.Move(new(id, (ulong)(NodeCount + i) + 1), node, parent, 0);
                tree.Join(delta, s_stamp);
                batches[client].Add(delta);
            }
        }
        return Time(() =>
        {
            batches[1].JoinInto(trees[0], s_stamp);
            batches[0].JoinInto(trees[1], s_stamp);
            for (var i = 0; i < NodeCount; i++)
            {
                var node = new Dot(Id(0), (ulong)i + 1);
                if (trees[0].Parent(node) != trees[1].Parent(node)) return false;
            }
            return true;
        });
    }

    /// <summary>Inserts at random places, or moves from and to random places in a list of a thousand.</summary>
    private static double List(int moves)
    {
        var (id, values, here, there, random) = (Id(0), Values(10_000), new ListState(), new ListState(), new Random(1));
        ulong counter = 1;
        if (moves > 0)
            foreach (var list in new[] { here, there }) list.Join(list.Insert(new(id, 1), 0, values.AsSpan(0, 1_000)), s_stamp);
        if (moves > 0) counter += 1_000;
        var expected = moves > 0 ? 1_000 : values.Length;
        return Time(() =>
        {
            var batch = new DeltaBatch([id]);
            for (var i = 0; i < values.Length; i++, counter++)
            {
                var dot = new Dot(id, counter);
                var delta = moves > 0 ? here.Move(dot, random.Next(here.Count), 1, random.Next(here.Count)) : here.Insert(dot, random.Next(here.Count + 1), values[i]);
                here.Join(delta, s_stamp);
                batch.Add(delta);
                batch.JoinInto(there, s_stamp, i);
            }
            return there.Count == expected && there[expected / 2].Equals(here[expected / 2]);
        });
    }

    private static double ListMerge()
    {
        const int ElementCount = 1_000;
        var (values, random, nothing) = (Values(ElementCount), new Random(2), new CausalContext(new()));
        var lists = new[] { new ListState(), new ListState() };
        var insertion = lists[0].Insert(new(Id(0), 1), 0, values);
        foreach (var list in lists) list.Join(insertion, s_stamp);
        for (var client = 0; client < 2; client++)
            for (var i = 0; i < 5_000; i++)
            {
                var (list, dot) = (lists[client], new Dot(Id(client), (ulong)(ElementCount + i) + 1));
                Delta delta = i % 2 == 0 ? list.Move(dot, random.Next(list.Count), 1, random.Next(list.Count)) : list.Set(dot, random.Next(list.Count), values[i % ElementCount]);
                list.Join(delta, new((ulong)i));
            }
        return Time(() =>
        {
            lists[0].Join(lists[1], nothing, nothing);
            lists[1].Join(lists[0], nothing, nothing);
            for (var i = 0; i < ElementCount; i++)
                if (!lists[0][i].Equals(lists[1][i])) return false;
            return lists[0].Count == ElementCount && lists[1].Count == ElementCount;
        });
    }

    private static bool IsUnder(TreeState tree, Dot node, Dot ancestor)
    {
        for (Dot? at = node; at is { } here; at = tree.Parent(here))
            if (here == ancestor) return true;
        return false;
    }

    internal static double Time(Func<bool> action)
    {
        Timing.Collect();
        var start = Timing.Now;
        var isRight = action();
        return isRight ? Timing.Now - start : double.NaN;
    }

    private static ValueBytes[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => new ValueBytes(Encode($"element {i}")))];

    private static byte[] Encode(string text)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>(text.Length + 5);
        var writer = new MessagePackWriter(output);
        writer.WriteString(Encoding.UTF8.GetBytes(text));
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ReplicaId Id(int index) => new(0x9E3779B97F4A7C15 * (ulong)(index + 1), (ulong)index);

    private static ReplicaId[] Ids(int count) => [.. Enumerable.Range(0, count).Select(Id)];
}
