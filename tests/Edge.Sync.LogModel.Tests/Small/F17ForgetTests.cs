namespace Edge.Sync.LogModel.Small;

/// <summary>
/// F17, forgetting: one encrypted section and its key, three replicas, and every interleaving of writing, sending, syncing a disk, power cuts, folding, and a record that forgets the document. Without that record the section is
/// shown wherever it is held, in the end; with it nobody shows it and nobody has the key, in whatever order all this comes. Each rule is a switch; without any of them that fails.
/// </summary>
public class F17ForgetTests
{
    private const int Count = 3;

    /// <param name="KeyFirst">A key is on the medium before the change that uses it is committed.</param>
    /// <param name="RecordFirst">The record is on the medium before the key is off it.</param>
    /// <param name="AskedOnly">A key is taken only for a section that is held and not forgotten.</param>
    /// <param name="HolesStay">What cannot be read is not folded.</param>
    /// <param name="Asks">Who lacks a key asks every peer for it, not only whoever brought the section.</param>
    private readonly record struct Rules(bool KeyFirst, bool RecordFirst, bool AskedOnly, bool HolesStay, bool Asks)
    {
        public static Rules All { get; } = new(true, true, true, true, true);
    }

    private enum Folded : byte
    {
        Nothing,
        Contents,
        Hole,
    }

    /// <summary>One replica: the section and the record in its log, which of them are on the medium, the key, a key not written yet, and what it has folded.</summary>
    private readonly record struct Node(bool Has, bool Forgot, bool HasDurably, bool ForgotDurably, bool Key, bool KeyPending, Folded Folded)
    {
        public string View => Forgot ? "forgotten" : Folded == Folded.Contents ? "shown" : Folded == Folded.Hole ? "empty" : !Has ? "absent" : Key ? "shown" : "hole";
    }

    private readonly record struct World(Node A, Node B, Node C, bool Wrote, bool DidForget)
    {
        public Node this[int i] => i == 0 ? A : i == 1 ? B : C;

        public World With(int i, Node node) => i == 0 ? this with { A = node } : i == 1 ? this with { B = node } : this with { C = node };
    }

    [Fact]
    public void Forgotten_is_gone_with_its_key_and_all_else_is_shown_whatever_the_order()
    {
        var (states, violation) = Explore(Rules.All);
        TestContext.Current.TestOutputHelper?.WriteLine($"{states} states");
        Assert.Null(violation);
        Assert.True(states > 400);
    }

    [Theory]
    [InlineData(nameof(Rules.KeyFirst), "key")]
    [InlineData(nameof(Rules.RecordFirst), "hole")]
    [InlineData(nameof(Rules.AskedOnly), "key")]
    [InlineData(nameof(Rules.HolesStay), "empty")]
    [InlineData(nameof(Rules.Asks), "hole")]
    public void Without_a_rule_something_is_lost_or_kept(string rule, string expected)
    {
        var (states, violation) = Explore(rule switch
        {
            nameof(Rules.KeyFirst) => Rules.All with { KeyFirst = false },
            nameof(Rules.RecordFirst) => Rules.All with { RecordFirst = false },
            nameof(Rules.AskedOnly) => Rules.All with { AskedOnly = false },
            nameof(Rules.HolesStay) => Rules.All with { HolesStay = false },
            _ => Rules.All with { Asks = false },
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{states} states: {violation}");
        Assert.Contains(expected, violation, StringComparison.Ordinal);
    }

    private static (int States, string? Violation) Explore(Rules rules)
    {
        var seen = new HashSet<World> { default };
        var open = new Queue<World>([default]);
        while (open.TryDequeue(out var world))
            foreach (var next in Next(world, rules))
            {
                if (!seen.Add(next)) continue;
                if (FindViolation(next, rules) is { } violation) return (seen.Count, violation);
                open.Enqueue(next);
            }
        return (seen.Count, null);
    }

    private static IEnumerable<World> Next(World world, Rules rules)
    {
        if (!world.Wrote) yield return world.With(0, world.A with { Has = true, Key = rules.KeyFirst, KeyPending = !rules.KeyFirst }) with { Wrote = true };
        for (var i = 0; i < Count; i++)
        {
            var node = world[i];
            if (node.KeyPending) yield return world.With(i, node with { Key = true, KeyPending = false });
            if (node.Has && !world.DidForget) yield return world.With(i, node with { Forgot = true, Key = node.Key && rules.RecordFirst }) with { DidForget = true };
            yield return world.With(i, Synced(node));
            yield return world.With(i, node with { Has = node.HasDurably, Forgot = node.ForgotDurably, KeyPending = false });
            if (Enumerable.Range(0, Count).All(j => world[j].HasDurably) && node.Folded == Folded.Nothing && !node.Forgot && (node.Key || !rules.HolesStay))
                yield return world.With(i, Synced(node) with { Folded = node.Key ? Folded.Contents : Folded.Hole });
            for (var j = 0; j < Count; j++)
            {
                if (i == j) continue;
                // The key may come with the section, or be lost on the way and asked for later.
                yield return Send(world, i, j, rules, givesKey: true);
                yield return Send(world, i, j, rules, givesKey: false);
            }
        }
    }

    // The key goes once the record is on the medium, that once.
    private static Node Synced(Node node) => node with { HasDurably = node.Has, ForgotDurably = node.Forgot, Key = node.Key && (!node.Forgot || node.ForgotDurably) };

    private static World Send(World world, int from, int to, Rules rules, bool givesKey)
    {
        var (sender, receiver) = (Synced(world[from]), world[to]);
        var isNew = sender.Has && !receiver.Has;
        receiver = receiver with { Has = receiver.Has || sender.Has, Forgot = receiver.Forgot || sender.Forgot };
        if (givesKey && sender.Key && (rules.Asks || isNew) && (!rules.AskedOnly || (receiver.Has && !receiver.Forgot))) receiver = receiver with { Key = true };
        return world.With(from, sender).With(to, receiver);
    }

    /// <summary>All talk and sync until nothing is new.</summary>
    private static string? FindViolation(World world, Rules rules)
    {
        for (var i = 0; i < Count; i++)
            if (world[i].KeyPending) world = world.With(i, world[i] with { Key = true, KeyPending = false });
        for (var round = 0; round < Count; round++)
            for (var i = 0; i < Count; i++)
                for (var j = 0; j < Count; j++)
                    if (i != j) world = Send(world, i, j, rules, givesKey: true);
        for (var i = 0; i < Count; i++)
        {
            world = world.With(i, Synced(world[i]));
            if (world[i].Forgot && world[i].Key) return "a key is left of what is forgotten";
            if (world[i].View is "hole" or "empty") return $"{world[i].View}: what is held cannot be read any more";
            if (world[i].View != world[0].View) return $"{world[i].View} here, {world[0].View} there";
        }
        return null;
    }
}
