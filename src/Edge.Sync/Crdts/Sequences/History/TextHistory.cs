namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>All deltas of a text, from the first on: the same deltas come out that went in, and with them the text of every version.</summary>
/// <remarks>
/// <code>
/// history    = [ version 1, [ replica, ... by first appearance ], number of deltas, number of parts, steps bin, bytes in UTF-8, characters bin ]
/// characters = all that was inserted, in the order of the deltas: UTF-8, in Brotli where it is shorter than that
/// steps      = what the deltas do: see StepCoder
/// </code>
/// <para>Steps refer to places in the merge of all deltas before, not to dots: most edits begin where the author's last one ended, and that
/// takes a fraction of a bit. What cannot be said by a place, since others had deleted it when the edit was made, is written out.
/// A place gives the characters beside it, and so the dots; nothing but the order of characters and which are deleted goes into that, which
/// no later version can change.</para>
/// <para>It stays in its stored form in memory, and is replayed. Parts are steps, heads and ranges: their number and that of the characters
/// bound the memory of a replay, so a history has at least a byte for 4 parts and for 64 bytes of characters; a replay takes at most 1,000
/// bytes for each byte of it.</para>
/// </remarks>
internal sealed class TextHistory
{
    public const int Version = 1;
    public const int ElementCount = 7;

    /// <summary>More parts than this for a byte are made fewer by zeros at the end.</summary>
    private const int PartsPerByteMax = 4;

    private readonly ReplicaId[] _replicas;
    private readonly int _partCount;
    private readonly byte[] _steps;
    private readonly string _characters;
    private readonly long _offset;

    private TextHistory(ReplicaId[] replicas, int count, int partCount, byte[] steps, string characters, long offset) =>
        (_replicas, Count, _partCount, _steps, _characters, _offset) = (replicas, count, partCount, steps, characters, offset);

    /// <summary>How many deltas there are.</summary>
    public int Count { get; }

    /// <summary>The authors, in the order of their first deltas.</summary>
    public ReadOnlySpan<ReplicaId> Replicas => _replicas;

    /// <summary>Reads a history. What its steps say is checked when they are replayed.</summary>
    /// <exception cref="EdgeDataException">The bytes are no history, or one of a later version.</exception>
    public static TextHistory Read(ref WireReader reader)
    {
        reader.ReadArrayHeader("history", ElementCount, exactly: true);
        var version = reader.ReadInt32("history.version");
        if (version != Version) throw reader.Malformed("history.version", $"version {version} is newer than {Version}, the newest that is known here");
        var replicas = new ReplicaId[reader.ReadArrayHeader("history.replicas")];
        var known = new HashSet<ReplicaId>();
        foreach (ref var replica in replicas.AsSpan())
            if (!known.Add(replica = reader.ReadReplica("history.replicas"))) throw reader.Malformed("history.replicas", $"replica {replica} is named twice");
        var count = reader.ReadInt32("history.count");
        var partCount = reader.ReadInt32("history.parts");
        var steps = reader.ReadBytes("history.steps");
        var offset = reader.Offset - steps.Length;
        if (partCount > (long)steps.Length * PartsPerByteMax) throw reader.Malformed("history.parts", $"{steps.Length} bytes claim to hold {partCount}; at most {PartsPerByteMax} are taken for a byte");
        var bytes = reader.ReadInt32("history.bytes");
        var packed = reader.ReadBytes("history.characters");
        var characters = PackedText.Unpack(packed, bytes) ?? throw reader.Malformed("history.characters", $"{packed.Length} bytes do not unpack to {bytes} of UTF-8; at most {PackedText.RatioMax} times as many are taken");
        if (characters.Length > TextState.CharactersMax) throw reader.Malformed("history.characters", $"a text holds at most {TextState.CharactersMax} characters");
        return new(replicas, count, partCount, steps, characters, offset);
    }

    /// <summary>Replays the history from its beginning.</summary>
    public TextHistoryReader Replay() => new(this);

    /// <summary>The text after the first <paramref name="count"/> deltas.</summary>
    /// <exception cref="EdgeDataException">The history is damaged.</exception>
    public TextState At(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        var reader = Replay();
        for (var i = 0; i < count; i++) reader.Next();
        return reader.Text;
    }

    /// <summary>The text of a version: of all deltas whose first dot it contains. It must be closed under what these follow.</summary>
    /// <exception cref="EdgeDataException">The history is damaged, or the version lacks what it follows.</exception>
    public TextState At(VersionVector version)
    {
        var text = new TextState();
        for (var reader = Replay(); reader.Next();)
            if (version.Contains(reader.Current.First)) text.Join(reader.Current, default);
        return text;
    }

    /// <summary>The steps, with zeros behind them where they would be too short for their parts.</summary>
    internal static ReadOnlySpan<byte> Pad(ReadOnlySpan<byte> steps, int partCount)
    {
        var length = LengthMin(partCount);
        if (steps.Length >= length) return steps;
        var padded = new byte[length];
        steps.CopyTo(padded);
        return padded;
    }

    /// <summary>Whether the characters on both sides of a place have ordinals that follow one another.</summary>
    internal static bool IsChain(TextState text, int index) => index < text.Length && text.OrdinalAt(index) == text.OrdinalAt(index - 1) + 1;

    internal BitDecoder Steps => new(_steps);

    internal int PartCount => _partCount;

    internal string Characters => _characters;

    /// <summary>Whether all that follows the decided bytes is what <see cref="Pad"/> adds.</summary>
    internal bool IsPadding(int length) => _steps.Length == Math.Max(length, LengthMin(_partCount)) && !_steps.AsSpan(length).ContainsAnyExcept((byte)0);

    internal EdgeDataException Malformed(string problem, int length, Exception? innerException = null)
    {
        var offset = _offset + Math.Min(length, _steps.Length);
        return new($"Malformed history.steps at byte {offset}: {problem}.", "history.steps", offset, innerException: innerException);
    }

    private static int LengthMin(int partCount) => (partCount + PartsPerByteMax - 1) / PartsPerByteMax;
}
