using Edge.Sync.Crdts;
using Edge.Sync.Crdts.RichText;
using Edge.Sync.Tests.Crdts.Laws;
using static Edge.Sync.Tests.Crdts.Types.TestValues;

namespace Edge.Sync.Tests.Crdts.RichText;

/// <summary>Replicas that edit and mark at random and hear of each other's edits in causal order, otherwise at random, each with a model beside it; all from one seed.</summary>
internal sealed class RichTextHistory
{
    private static readonly string[] s_words = ["a", "bc", "fox ", "\U0001F600", "é", "jumped"];
    private static readonly string[] s_keys = ["bold", "link", "\U0001F600"];

    private readonly Random _random;
    private readonly List<Edit> _edits = [];

    public RichTextHistory(int seed, int replicaCount)
    {
        _random = new(seed);
        for (var i = 0; i < replicaCount; i++) Replicas.Add(new(new((ulong)_random.NextInt64(), (ulong)i)));
    }

    public sealed class Replica(ReplicaId id)
    {
        public ReplicaId Id { get; } = id;
        public RichTextState State { get; set; } = new();
        public RichTextModel Model { get; } = new();
        public VersionVector Seen { get; } = new();
    }

    private sealed record Edit(Dot Last, VersionVector Past, HybridTimestamp Stamp, RichTextDelta Delta);

    public List<Replica> Replicas { get; } = [];

    public int RepairCount { get; private set; }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            var replica = Replicas[_random.Next(Replicas.Count)];
            if (_random.Next(2) == 0) Receive(replica, _random);
            else EditOnce(replica);
            if (_random.Next(10) == 0) replica.State = (RichTextState)Bytes.Copy(replica.State);
            Compare(replica);
        }
        foreach (var replica in Replicas)
        {
            while (Receive(replica, _random)) { }
            Compare(replica);
        }
    }

    /// <summary>A new replica that gets all edits in some causal order.</summary>
    public RichTextState Replay(int seed)
    {
        var (replica, random) = (new Replica(new(0, (ulong)seed)), new Random(seed));
        while (Receive(replica, random)) { }
        return replica.State;
    }

    private static void Compare(Replica replica)
    {
        replica.State.Check();
        Assert.Equal(replica.Model.ToString(), RichTextModel.Describe(replica.State));
    }

    private void EditOnce(Replica replica)
    {
        // Dots of other fields lie between.
        var first = new Dot(replica.Id, replica.Seen[replica.Id] + (ulong)_random.Next(1, 4));
        var before = Bytes.Canonical(replica.State);
        var (delta, index) = Mutate(replica.State, first);
        Assert.Equal(before, Bytes.Canonical(replica.State));
        var inherited = index >= 0 ? replica.Model.Inherited(index) : "";
        var edit = new Edit(first.Plus((ulong)Math.Max(0, delta.DotCount - 1)), new(replica.Seen), new((ulong)_random.Next(4)), (RichTextDelta)Bytes.Copy(delta));
        _edits.Add(edit);
        Take(replica, edit);
        if (index < 0) return;
        // Every character of what was inserted got what its author saw there.
        for (var i = 0; i < delta.Text!.Text.Length; i++) Assert.Equal(inherited, replica.Model.MarksOf(index + i));
        RepairCount += delta.Marks.Length;
    }

    /// <summary>A random edit, and where text was inserted without saying which marks it is to have; else -1.</summary>
    private (RichTextDelta Delta, int Index) Mutate(RichTextState state, Dot first)
    {
        var text = state.ToString();
        var (from, to) = (Outside(text, _random.Next(text.Length + 1)), Outside(text, _random.Next(text.Length + 1)));
        if (from > to) (from, to) = (to, from);
        var key = s_keys[_random.Next(s_keys.Length)];
        var expansion = (MarkExpansion)_random.Next(4);
        switch (to > from ? _random.Next(10) : 0)
        {
            case < 4:
                var insertion = state.Insert(first, from, s_words[_random.Next(s_words.Length)]);
                // What the cache of settled gaps saves is only looking again.
                var anew = ((RichTextState)Bytes.Copy(state)).Insert(first, from, insertion.Text!.Text);
                Assert.Equal(Convert.ToHexString(Bytes.Of(anew, out _)), Convert.ToHexString(Bytes.Of(insertion, out _)));
                return (insertion, from);
            case < 6:
                return (state.Delete(first, from, Math.Min(to - from, Outside(text, Math.Min(from + 4, to)) - from)), -1);
            case 6:
                return (state.Unmark(first, from, to - from, key, _random.Next(2) == 0 ? expansion : state.ExpansionOf(from, to - from, key)), -1);
            case 7:
                var word = s_words[_random.Next(s_words.Length)];
                MarkSpan[] spans = [new(0, word.Length, [new(key, V(_random.Next(2)), expansion)])];
                return (state.Insert(first, from, word, spans), -1);
            default:
                return (state.Mark(first, from, to - from, key, V(_random.Next(2)), expansion), -1);
        }
    }

    private bool Receive(Replica replica, Random random)
    {
        var ready = _edits.Where(e => !replica.Seen.Contains(e.Last) && replica.Seen.Covers(e.Past)).ToList();
        if (ready.Count == 0) return false;
        Take(replica, ready[random.Next(ready.Count)]);
        return true;
    }

    private static void Take(Replica replica, Edit edit)
    {
        replica.State.Join(edit.Delta, edit.Stamp);
        replica.Model.Join(edit.Delta, edit.Stamp);
        replica.Seen.Include(edit.Last);
    }

    private static int Outside(string text, int index) => index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) ? index - 1 : index;
}
