using System.Buffers;
using Edge.Sync.Log;
using Edge.Sync.Replication;
using Edge.Sync.Trust.Content;
using Microsoft.Extensions.Time.Testing;

namespace Edge.Sync.Tests.Simulation;

/// <summary>
/// Replicas, their network and their clock in one thread, from one seed. First chaos: edits, loss, duplicates, reordering, partitions, power cuts.
/// Then all is healed, and the world must come to rest with every replica equal and nothing missing that was acknowledged.
/// </summary>
internal sealed class SimulatedWorld
{
    private const int DocumentCount = 6;

    /// <summary>Documents from this number on may be purged.</summary>
    private const int KeptCount = 4;

    private const int FramesMax = 300_000;
    private const int PatientCount = 12;

    private readonly SimulationOptions _options;
    private readonly Random _random;
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<SimulatedNode> _nodes;
    private readonly Dictionary<int, Sync.Storage.MemoryStore> _backups = [];
    private readonly Dictionary<ChangeId, (DocumentId Document, long Amount)> _edits = [];
    private readonly HashSet<ChangeId> _dropped = [];
    private readonly PriorityQueue<(int From, int To, byte[] Frame, SyncSession Sender), (DateTimeOffset At, int Order)> _network = new();
    private readonly bool[,] _cut;
    private readonly Dictionary<(int Holder, ReplicaId Author), ulong> _acknowledged = [];
    private readonly Func<int, EdgeRandom> _randomOf;
    private readonly HashSet<DocumentId> _forgotten = [];
    private int _order;
    private bool _healed;

    public SimulatedWorld(SimulationOptions options)
    {
        _options = options;
        _random = new(options.Seed);
        var nodesMax = options.Replicas + options.CopiesMax;
        _cut = new bool[nodesMax, nodesMax];
        _randomOf = i => new SeededRandom(options.Seed * 100 + i);
        var limits = new SyncLimits { ResendAfter = TimeSpan.FromSeconds(5), BatchBytes = 4 << 10, WindowBytes = 16 << 10, GoneAfter = TimeSpan.FromDays(1), HelloWithin = TimeSpan.FromDays(1) };
        var database = DatabaseId.OfOpen("simulation");
        _nodes = [.. Enumerable.Range(0, options.Replicas).Select(i => new SimulatedNode(i, database, _clock, _randomOf(i), limits, mayEvict: options.EvictPerStep > 0 && i % 2 == 1))];
        foreach (var node in _nodes)
            ConnectAll(node);
    }

    public int FramesLost { get; private set; }

    public int FramesDuplicated { get; private set; }

    public int Crashes { get; private set; }

    public int Edits { get; private set; }

    /// <summary>Edits that nobody holds any more: a power cut took them before they had left their device, or it was rolled back.</summary>
    public int LostEdits { get; private set; }

    public int Copies => _nodes.Count - _options.Replicas;

    public int Restores { get; private set; }

    public int Branches => _nodes[0].Replica.Log.Tree.BranchCount;

    public int Forgets { get; private set; }

    public int Purges { get; private set; }

    public int Evictions { get; private set; }

    /// <summary>Documents that were evicted and are wanted back.</summary>
    public int Fetches { get; private set; }

    /// <summary>Documents that were deleted where they were evicted.</summary>
    public int HollowDeletions { get; private set; }

    public int Rejections { get; private set; }

    /// <summary>Edits that are void in the end.</summary>
    public int VoidEdits { get; private set; }

    /// <summary>Edits of documents that are purged, or of which parts are absent: they say so and write nothing.</summary>
    public int RefusedEdits { get; private set; }

    public void Run()
    {
        for (var step = 0; step < _options.Steps; step++)
        {
            if (_random.NextDouble() < 0.5) EditSomewhere();
            if (_options.ForgetPerStep > 0 && _random.NextDouble() < _options.ForgetPerStep) ForgetSomewhere();
            if (_random.NextDouble() < _options.PurgePerStep) PurgeSomewhere();
            if (_options.EvictPerStep > 0) EvictFetchOrDelete();
            if (_options.RejectPerStep > 0 && _random.NextDouble() < _options.RejectPerStep && _nodes[_random.Next(_nodes.Count)].Reject(_random)) Rejections++;
            if (_random.NextDouble() < _options.PartitionPerStep) Partition();
            if (_random.NextDouble() < _options.CrashPerStep) Crash(_nodes[_random.Next(_nodes.Count)]);
            if (_options.CopiesMax > 0) CopyOrRestore();
            Advance(TimeSpan.FromMilliseconds(_random.Next(1, 800)));
        }
        Heal();
        ComeToRest();
        foreach (var node in _nodes)
            foreach (var key in AllKeys())
                if (node.Want(key) > 0) Fetches++;
        ComeToRest();
        AssertConverged();
    }

    private void ComeToRest()
    {
        for (var seconds = 0; seconds < 3_600 && !IsAtRest(); seconds++)
            Advance(TimeSpan.FromSeconds(1));
    }

    private static IEnumerable<DocumentKey> AllKeys() =>
        [.. Enumerable.Range(0, DocumentCount).Select(JobKey), .. Enumerable.Range(0, PatientCount).Select(static i => new DocumentKey("patient", DocumentId.Named($"patient {i}")))];

    private void EvictFetchOrDelete()
    {
        var keys = AllKeys().ToArray();
        foreach (var node in _nodes.Where(static node => node.MayEvict))
        {
            if (_random.NextDouble() < _options.EvictPerStep && node.TryEvict(keys[_random.Next(keys.Length)])) Evictions++;
            if (_random.NextDouble() < _options.EvictPerStep / 2 && node.Want(keys[_random.Next(keys.Length)]) > 0) Fetches++;
        }
        if (_random.NextDouble() >= _options.EvictPerStep / 8) return;
        var (deleter, deleted) = (_nodes[_random.Next(_nodes.Count)], JobKey(_random.Next(KeptCount)));
        if (deleter.TryEdit(draft => draft.Delete(SchemaOf<Job>(), deleted.Id)) is not null && deleter.Replica.ReadAbsent(deleted).Count > 0) HollowDeletions++;
    }

    private void EditSomewhere()
    {
        var node = _nodes[_random.Next(_nodes.Count)];
        if (_options.PatientsPerEdit > 0 && _random.NextDouble() < _options.PatientsPerEdit)
        {
            var (patient, visits) = (PatientId(), _random.Next(1, 9));
            if (node.TryEditPatient(patient, $"<{node.Number}.{Edits}>", visits) is not { } edit) return;
            _edits.Add(edit, (patient, visits));
            Edits++;
            return;
        }
        var id = DocumentId.Named($"document {_random.Next(DocumentCount)}");
        var amount = _random.Next(-5, 20);
        var (word, position) = ($"<{node.Number}.{Edits}>", _random.NextDouble());
        var (remove, title) = (_random.NextDouble() < 0.3, _random.NextDouble() < 0.4);
        var change = node.TryEdit(draft =>
        {
            var job = Attach<Job>(draft, id);
            job.Minutes.Add(amount);
            if (title) job.Title = word;
            if (remove && job.Parts.Count > 0) job.Parts.Remove(job.Parts.First());
            else job.Parts.Add($"part {_random.Next(6)}");
            if (job.Notes.Length > 30 && remove) job.Notes.Delete((int)(position * (job.Notes.Length - 5)), 5);
            else job.Notes.Insert((int)(position * job.Notes.Length), word);
            if (_options.EveryType) Documents.Types.EveryTypeTests.EditAny(Attach<Documents.Types.Plant>(draft, id), _random, _nodes[0].Replica.Log.Self);
            if (_options.EveryType && _random.Next(20) == 0) draft.Delete(SchemaOf<Documents.Types.Plant>(), id);
        });
        if (change is not { } written)
        {
            RefusedEdits++;
            return;
        }
        _edits.Add(written, (id, amount));
        Edits++;
    }

    private static DocumentKey JobKey(int number) => new("job", DocumentId.Named($"document {number}"));

    private void PurgeSomewhere()
    {
        _nodes[_random.Next(_nodes.Count)].Purge(JobKey(_random.Next(KeptCount, DocumentCount)));
        Purges++;
    }

    private DocumentId PatientId() => DocumentId.Named($"patient {_random.Next(PatientCount)}");

    private void ForgetSomewhere()
    {
        var (node, id) = (_nodes[_random.Next(_nodes.Count)], PatientId());
        node.Forget(id);
        _forgotten.Add(id);
        Forgets++;
    }

    private static T Attach<T>(Sync.Documents.ChangeDraft draft, DocumentId id) where T : class, IEdgeDocument<T> => T.Attach(draft.Open(T.Schema, id));

    private static DocumentSchema SchemaOf<T>() where T : class, IEdgeDocument<T> => T.Schema;

    /// <summary>A file is copied while its original goes on, or a backup of it is made, or an older one put in its place.</summary>
    private void CopyOrRestore()
    {
        var node = _nodes[_random.Next(_nodes.Count)];
        if (_nodes.Count < _cut.GetLength(0) && (_random.NextDouble() < _options.CopyPerStep || (Edits > 30 && Copies == 0)))
        {
            var copy = new SimulatedNode(_nodes.Count, node, _randomOf(_nodes.Count));
            _nodes.Add(copy);
            Reconnect(copy);
        }
        if (_random.NextDouble() < _options.CopyPerStep) _backups[node.Number] = node.Backup();
        if (_random.NextDouble() < _options.RestorePerStep && _backups.TryGetValue(node.Number, out var backup))
        {
            Restores++;
            Drop(node, () => node.Restore(backup));
        }
    }

    private void Drop(SimulatedNode node, Action act)
    {
        var before = node.Ids();
        act();
        _dropped.UnionWith(before.Except(node.Ids()));
        Reconnect(node);
    }

    // The peers notice that the connection is gone, and open another.
    private void Reconnect(SimulatedNode node)
    {
        ConnectAll(node);
        foreach (var peer in _nodes)
            if (peer != node) peer.Connect(node.Number);
    }

    private void Partition()
    {
        for (var i = 0; i < _nodes.Count; i++)
            for (var j = 0; j < _nodes.Count; j++)
                _cut[i, j] = _random.NextDouble() < 0.4;
    }

    private void Crash(SimulatedNode node)
    {
        Crashes++;
        Drop(node, node.Crash);
    }

    private void Heal()
    {
        _healed = true;
        Array.Clear(_cut);
        foreach (var node in _nodes)
            node.Sync();
    }

    private void ConnectAll(SimulatedNode node)
    {
        foreach (var peer in Enumerable.Range(0, _nodes.Count))
            if (peer != node.Number) node.Connect(peer);
    }

    private void Advance(TimeSpan time)
    {
        var end = _clock.GetUtcNow() + time;
        foreach (var node in _nodes)
            Pump(node);
        while (_network.TryPeek(out _, out var due) && due.At <= end)
        {
            if (due.At > _clock.GetUtcNow()) _clock.SetUtcNow(due.At);
            var (from, to, frame, sender) = _network.Dequeue();
            // A file that was rolled back has another replica id than the session before: frames of that are gone with its connection.
            if ((_options.CopiesMax > 0 || _options.EvictPerStep > 0) && _nodes[from].Sessions[to] != sender) continue;
            Deliver(from, _nodes[to], frame);
        }
        _clock.SetUtcNow(end);
    }

    private void Deliver(int from, SimulatedNode node, byte[] frame)
    {
        var session = node.Sessions[from];
        session.Tick(_clock.GetUtcNow());
        session.Receive(frame);
        while (session.TryPeekClaims(out var claims))
            session.OnResolved(node.Replica.Log.Resolve(claims));
        while (session.TryTakeNote(out var note))
            node.Replica.Note(note);
        while (session.TryTakeSections(out var sections))
        {
            node.Replica.Begin();
            var outcome = node.Replica.Fill(sections);
            node.Replica.Commit();
            session.OnFilled(sections, outcome);
        }
        while (session.TryTakeKeys(out var keys))
        {
            node.Replica.Begin();
            node.Replica.TakeKeys(node.Rooms[from], keys);
            node.Replica.Commit();
        }
        while (session.TryTakeWantedKeys(out var wanted))
            session.AnswerKeys(wanted.Select(node.Replica.Keys.Find).OfType<ContentKey>());
        while (session.TryTakeReceived(out var changes))
        {
            node.Replica.Begin();
            var outcome = node.Replica.Receive(node.Rooms[from], changes);
            node.Replica.Commit();
            Assert.Null(outcome.Refused);
            session.OnApplied(outcome);
        }
        Assert.Null(session.Fault);
        foreach (var dot in session.Acknowledged.ToSortedList())
        {
            var key = (from, dot.Replica);
            if (_acknowledged.GetValueOrDefault(key) < dot.Counter) _acknowledged[key] = dot.Counter;
        }
        Pump(node);
    }

    private void Pump(SimulatedNode node)
    {
        // Devices do not sync their disks all the time: what lies between two syncs is lost by a power cut.
        if (_healed || _random.NextDouble() < _options.DiskSyncPerRound) node.Sync();
        foreach (var (peer, session) in node.Sessions)
        {
            session.Tick(_clock.GetUtcNow());
            session.OnVersion(node.Synced);
            var frame = new ArrayBufferWriter<byte>();
            while (true)
            {
                if (session.TryTakeRead(out var request))
                {
                    var (changes, cursor) = node.Replica.ReadChanges(request);
                    session.ProvideKeys(node.Replica.Keys.FindAll(changes));
                    session.Provide(request, changes, cursor);
                }
                if (session.TryTakeMissing(out var after, out var countMax)) session.Ask(node.Replica.ReadMissingKeys(after, countMax));
                if (session.TryTakeWantedSections(out var names, out var bytesMax)) session.AnswerSections(node.Replica.ReadSections(names, bytesMax));
                if (session.TryTakeAbsent(out var place, out var sectionsMax)) session.AskSections(node.Replica.ReadWanted(place, sectionsMax));
                frame.ResetWrittenCount();
                if (!session.TryGenerate(frame)) break;
                Send(node.Number, peer, frame.WrittenSpan.ToArray());
            }
        }
    }

    private void Send(int from, int to, byte[] frame)
    {
        if (_cut[from, to] || (!_healed && _random.NextDouble() < _options.Loss)) { FramesLost++; return; }
        Enqueue(from, to, frame);
        if (_healed || _random.NextDouble() >= _options.Duplicate) return;
        FramesDuplicated++;
        Enqueue(from, to, frame);
    }

    private void Enqueue(int from, int to, byte[] frame)
    {
        if (_order > FramesMax) throw new InvalidOperationException($"{FramesMax} frames were sent, and there is no end of it: {(_healed ? "the world is healed and does not come to rest" : "there still is chaos")}.");
        _network.Enqueue((from, to, frame, _nodes[from].Sessions[to]), (_clock.GetUtcNow() + TimeSpan.FromMilliseconds(_random.Next(1, _options.LatencyMsMax)), _order++));
    }

    private bool IsAtRest()
    {
        var first = _nodes[0].Replica.Log.ToVersion(0).Fingerprint;
        return _nodes.All(node => node.Replica.Log.ToVersion(0).Fingerprint == first && node.Sessions.Values.All(session => session.IsEstablished) && node.Replica.ReadMissingKeys(default, 1).Count == 0 && node.Replica.ReadWanted(default, 1).Sections.Count == 0);
    }

    private void AssertConverged()
    {
        var hash = _nodes[0].Replica.ComputeStateHash();
        var rebuilt = _nodes[0].Replica.Rebuild();
        var keys = Enumerable.Range(0, DocumentCount).Select(JobKey).ToArray();
        var purged = keys.Where(_nodes[0].Replica.Store.IsPurged).ToHashSet();
        foreach (var node in _nodes)
        {
            Assert.Equal(_nodes[0].Replica.Log.Held, node.Replica.Log.Held);
            Assert.Equal(_nodes[0].Replica.Log.ToVersion(0).Fingerprint, node.Replica.Log.ToVersion(0).Fingerprint);
            Assert.Equal(hash, node.Replica.ComputeStateHash());
            Assert.Equal(0, node.Replica.VoidCount);
            Assert.Equal(_nodes[0].Void(), node.Void());
            Assert.Equal(purged, keys.Where(node.Replica.Store.IsPurged).ToHashSet());
            Assert.All(keys, key => Assert.Empty(node.Replica.Store.ReadHoles(key)));
            // Nothing of a purged document is left to be erased.
            foreach (var stored in node.Replica.Store.ReadChanges(0, int.MaxValue))
                Assert.True(Change.ParseStored(stored.Bytes) is var change && change.Erase(purged.Contains) == change);
            foreach (var (key, state) in node.Replica.ReadDocuments())
                Assert.Equal(Sync.Documents.DocumentCodec.Write(rebuilt[key]), state);
        }
        AssertIds();
        AssertPasts(hash);
        if (Restores == 0)
            foreach (var ((holder, author), counter) in _acknowledged)
                Assert.True(_nodes[holder].Replica.Log.Tree.SubtreeOf(author).Any(name => _nodes[holder].Replica.Log.Held[name] >= counter), $"Node {holder} acknowledged {author}:{counter} and does not hold it.");
        AssertCounters(rebuilt, purged);
        foreach (var id in _forgotten)
        {
            Assert.DoesNotContain(rebuilt.Keys, key => key.Id == id);
            foreach (var node in _nodes) Assert.False(node.HasKeys(id), $"Node {node.Number} has keys of a forgotten document.");
        }
    }

    // Judged anew, whoever wrote it: nobody who is honest names what is not in the past, and authors do not judge what they write.
    private void AssertPasts(byte[] hash)
    {
        _nodes[0].Replica.RebuildAll();
        Assert.Equal(hash, _nodes[0].Replica.ComputeStateHash());
        Assert.DoesNotContain(_nodes[0].Replica.Store.ReadChanges(0, int.MaxValue), static stored => Change.ParseStored(stored.Bytes).Ruling?.VoidSections is not null);
    }

    // What was not lost with its only holder is there, under its own id, and every id follows from the bytes.
    private void AssertIds()
    {
        var held = _nodes[0].Ids();
        foreach (var id in _edits.Keys)
            Assert.True(held.Contains(id) || _dropped.Contains(id), $"Edit {id} is gone, and nothing has taken it.");
        LostEdits = _edits.Keys.Count(id => !held.Contains(id));
        foreach (var node in _nodes)
        {
            var stored = node.Replica.Store.ReadChanges(0, int.MaxValue);
            Assert.Equal(stored.Count, stored.Select(static change => change.Id).Distinct().Count());
            foreach (var change in stored)
            {
                var parsed = Change.ParseStored(change.Bytes);
                Assert.Equal(parsed.Header.Last, change.Last);
                var past = parsed.Header.Dependencies.Prepend(parsed.Before).Select(dot => dot.Counter > 0 && node.Replica.Log.TryGetId(dot, out var id) ? id : default).ToArray();
                Assert.Equal(change.Id, parsed.ComputeId(node.Replica.Log.Database, past[0], past.AsSpan(1)));
            }
        }
    }

    // Every edit that is held counts exactly once.
    private void AssertCounters(IReadOnlyDictionary<DocumentKey, Sync.Documents.DocumentState> rebuilt, HashSet<DocumentKey> purged)
    {
        var held = _nodes[0].Ids();
        var rejected = _nodes[0].Void();
        Assert.Equal(Rejecting.Judging.VoidOf(_nodes[0].Replica).Where(held.Contains).ToHashSet(), rejected);
        VoidEdits = _edits.Keys.Count(rejected.Contains);
        var expected = _edits.Where(edit => held.Contains(edit.Key) && !_forgotten.Contains(edit.Value.Document) && !purged.Contains(new("job", edit.Value.Document))).GroupBy(edit => edit.Value.Document).ToDictionary(group => group.Key, group => group.Where(edit => !rejected.Contains(edit.Key)).Sum(edit => edit.Value.Amount));
        var jobs = rebuilt.Where(document => document.Key.Collection != "plant").ToList();
        Assert.Equal(expected.Count, jobs.Count);
        foreach (var (key, state) in jobs)
            Assert.Equal(expected[key.Id], state.Fields.Select(static field => field.Value).OfType<Sync.Crdts.CounterState>().SingleOrDefault()?.Value ?? 0);
        foreach (var field in rebuilt.Values.SelectMany(state => state.Fields.Select(static field => field.Value)))
            field.Check();
    }
}
