using System.Runtime.CompilerServices;

namespace Edge.Sync.Crdts.Sequences;

/// <summary>All runs, by handle, and the way from an ordinal to the run that holds it.</summary>
/// <remarks>
/// A handle is an index into one array and stays valid until the run is merged away. Ordinals are found by pages: the run of each page's
/// first ordinal is known, and at most <see cref="PageSize"/> links lead on from there. Pages lie in chunks, and a chunk that one run covers
/// has none: a run of millions, which a few bytes can claim, costs next to nothing.
/// Run 0 is the root: one deleted character with ordinal 0 that stands before the text and is never merged.
/// </remarks>
internal sealed class RunTable
{
    public const int Root = 0;

    private const int PageShift = 5;
    private const int PageSize = 1 << PageShift;

    private const int ChunkShift = 11;
    private const int ChunkPages = 1 << (ChunkShift - PageShift);

    /// <summary>Pages, or the one run that covers them all.</summary>
    private struct Chunk
    {
        public int[]? Pages;
        public int Run;
    }

    private Run[] _runs;
    private Chunk[] _chunks = new Chunk[1];
    private int _count = 1;
    private int _free = -1;
    private int _last;

    public RunTable(int capacity = 8)
    {
        _runs = GC.AllocateUninitializedArray<Run>(capacity);
        _runs[Root] = new Run { First = 0, Length = 1, Parent = -1, Next = -1, NextSibling = -1, Flags = RunFlags.Deleted };
        OrdinalEnd = 1;
    }

    /// <summary>The ordinal that the next character gets.</summary>
    public int OrdinalEnd { get; private set; }

    /// <summary>One more than the greatest handle in use.</summary>
    public int HandleEnd => _count;

    /// <summary>The runs by handle. Those whose length is 0 are not in use.</summary>
    public Span<Run> Span => _runs.AsSpan(0, _count);

    public ref Run this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _runs[handle];
    }

    /// <summary>The run that holds <paramref name="ordinal"/>.</summary>
    public int Find(int ordinal)
    {
        if (ordinal >= _runs[_last].First) return _last;
        ref readonly var chunk = ref _chunks[ordinal >> ChunkShift];
        var handle = chunk.Pages is { } pages ? pages[(ordinal >> PageShift) & (ChunkPages - 1)] : chunk.Run;
        ref readonly var run = ref _runs[handle];
        while (ordinal >= run.End)
        {
            handle = run.Next;
            run = ref _runs[handle];
        }
        return handle;
    }

    /// <summary>The ordinal of a character's parent; 0 for the root.</summary>
    public int ParentOf(int ordinal, out bool isLeft)
    {
        ref readonly var run = ref _runs[Find(ordinal)];
        isLeft = ordinal == run.First && run.IsLeftChild;
        return ordinal == run.First ? run.Parent : ordinal - 1;
    }

    /// <summary>Adds a run of new characters.</summary>
    public int Append(int length, int parent, RunFlags flags)
    {
        var handle = Allocate();
        _runs[handle] = new Run { First = OrdinalEnd, Length = length, Parent = parent, Next = -1, NextSibling = -1, Flags = flags, Leaf = -1 };
        _runs[_last].Next = handle;
        _last = handle;
        OrdinalEnd += length;
        Page(handle, _runs[handle].First, OrdinalEnd);
        return handle;
    }

    /// <summary>Lengthens the run that holds the last ordinal.</summary>
    public void Extend(int handle, int length)
    {
        var first = OrdinalEnd;
        _runs[handle].Length += length;
        OrdinalEnd += length;
        Page(handle, first, OrdinalEnd);
    }

    /// <summary>Cuts a run before its character <paramref name="offset"/>; the part behind becomes a run of its own, which is returned.</summary>
    public int Split(int handle, int offset)
    {
        var tail = Allocate();
        ref var run = ref _runs[handle];
        _runs[tail] = new Run
        {
            First = run.First + offset,
            Length = run.Length - offset,
            Parent = run.First + offset - 1,
            Next = run.Next,
            NextSibling = -1,
            Leaf = -1,
            Flags = run.Flags & (RunFlags.Deleted | RunFlags.HasRight | RunFlags.IndexedRight),
        };
        run.Length = offset;
        run.Next = tail;
        run.Flags = (run.Flags & ~RunFlags.IndexedRight) | RunFlags.HasRight;
        if (_last == handle) _last = tail;
        Page(tail, _runs[tail].First, _runs[tail].End);
        return tail;
    }

    /// <summary>Moves the border between two runs of one chain by <paramref name="change"/> characters: forwards where it is positive.</summary>
    public void MoveBorder(int handle, int next, int change)
    {
        ref var run = ref _runs[handle];
        ref var tail = ref _runs[next];
        run.Length += change;
        tail.Length -= change;
        tail.First += change;
        tail.Parent += change;
        if (change < 0) Page(next, tail.First, tail.First - change);
        else Page(handle, tail.First - change, tail.First);
    }

    /// <summary>Takes the run after <paramref name="handle"/> into it.</summary>
    public void MergeNext(int handle)
    {
        ref var run = ref _runs[handle];
        var tail = run.Next;
        ref var other = ref _runs[tail];
        run.Flags = (run.Flags & ~(RunFlags.HasRight | RunFlags.IndexedRight)) | (other.Flags & (RunFlags.HasRight | RunFlags.IndexedRight));
        run.Length += other.Length;
        run.Next = other.Next;
        if (_last == tail) _last = handle;
        Page(handle, other.First, other.End);
        other.Length = 0;
        other.Next = _free;
        _free = tail;
    }

    private int Allocate()
    {
        if (_free >= 0)
        {
            var handle = _free;
            _free = _runs[handle].Next;
            return handle;
        }
        if (_count == _runs.Length) Array.Resize(ref _runs, _count * 2);
        return _count++;
    }

    /// <summary>Enters <paramref name="handle"/> as the run of the first ordinals of all pages that begin within [first, end).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Page(int handle, int first, int end)
    {
        var page = (first + PageSize - 1) >> PageShift;
        var pageEnd = (end + PageSize - 1) >> PageShift;
        if (page < pageEnd) Page(handle, page, pageEnd, end);
    }

    private void Page(int handle, int page, int pageEnd, int end)
    {
        while (page < pageEnd)
        {
            var index = page / ChunkPages;
            if (index >= _chunks.Length) Array.Resize(ref _chunks, Math.Max(index + 1, _chunks.Length * 2));
            var chunkEnd = (index + 1) * ChunkPages;
            var stop = Math.Min(pageEnd, chunkEnd);
            ref var chunk = ref _chunks[index];
            if (chunk.Pages is null && page % ChunkPages == 0 && (stop == chunkEnd || end == OrdinalEnd))
            {
                chunk.Run = handle;
            }
            else if (chunk.Pages is not null || chunk.Run != handle)
            {
                if (chunk.Pages is null)
                {
                    chunk.Pages = new int[ChunkPages];
                    chunk.Pages.AsSpan().Fill(chunk.Run);
                }
                chunk.Pages.AsSpan(page % ChunkPages, stop - page).Fill(handle);
            }
            page = stop;
        }
    }
}
