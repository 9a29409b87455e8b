namespace Edge.Sync.Crdts.Sequences;

/// <summary>The column of a stored list that tells of the elements which are not as they were inserted.</summary>
/// <remarks>
/// <code>
/// edits   = for each element, by ascending place of its insertion: distance from the place before, lives, places, values, replaced
/// lives   = number, then for each: dot, number of deletions that ended it, their dots
/// places  = number, then for each: place, depth [, time where the depth is not 0 ]
/// values  = 0 for the inserted one alone, else number + 1, then for each: dot, time
/// replaced = number, then for each: dot
/// dot     = number of the replica among those of the edits, counter
/// </code>
/// All are varints. A time is the difference from the time before, of either sign: zero, minus one, one, minus two, ...
/// </remarks>
internal static class ListEdits
{
    internal ref struct Writer(ReplicaTable replicas, Places places)
    {
        private VarintWriter _bytes = new();
        private int _place;
        private ulong _time;

        public readonly ReadOnlySpan<byte> Span => _bytes.Span;

        public void Write(int place, Dot name, ListElement element)
        {
            _bytes.Write((ulong)(place - _place));
            _place = place;
            _bytes.Write((ulong)element.Lives.Length);
            foreach (ref readonly var life in element.Lives)
            {
                Write(life.Dot);
                _bytes.Write((ulong)life.EndedBy.Count);
                foreach (var by in life.EndedBy.Span) Write(by);
            }
            _bytes.Write((ulong)element.Places.Length);
            foreach (ref readonly var at in element.Places)
            {
                _bytes.Write((ulong)places.Of(at.Ordinal));
                _bytes.Write(at.Key.Depth);
                if (at.Key.Depth > 0) Write(at.Key.Stamp);
            }
            if (element.HasInsertedValue(name))
            {
                _bytes.Write(0);
            }
            else
            {
                _bytes.Write((ulong)element.Values.Length + 1);
                foreach (ref readonly var value in element.Values)
                {
                    Write(value.Dot);
                    Write(value.Stamp);
                }
            }
            _bytes.Write((ulong)element.Replaced.Length);
            foreach (var dot in element.Replaced) Write(dot);
        }

        private void Write(Dot dot)
        {
            _bytes.Write((ulong)replicas.IndexOf(dot.Replica));
            _bytes.Write(dot.Counter);
        }

        private void Write(HybridTimestamp stamp)
        {
            var difference = (long)(stamp.Value - _time);
            _bytes.Write((ulong)((difference << 1) ^ (difference >> 63)));
            _time = stamp.Value;
        }
    }

    /// <param name="bytes">The column.</param>
    /// <param name="offset">Where it begins in the input, for errors.</param>
    /// <param name="replicas">Those of the edits: each must be named.</param>
    /// <param name="dots">Those of the places, which are their ordinals.</param>
    internal ref struct Reader(byte[] bytes, long offset, ReplicaId[] replicas, DotTable dots)
    {
        private readonly bool[] _named = new bool[replicas.Length];
        private VarintReader _bytes = new(bytes, offset);
        private ulong _time;

        /// <summary>The elements by ascending home. Their values are empty, and in order of time only where the input is sound.</summary>
        public List<(int Home, ListElement Element)> ReadAll()
        {
            var elements = new List<(int, ListElement)>();
            for (var home = 0; !_bytes.End;)
            {
                var distance = _bytes.ReadInt32("list.edits.place", dots.OrdinalEnd - 1 - home);
                if (distance == 0) throw _bytes.Malformed("list.edits.place", "its elements do not ascend");
                elements.Add((home += distance, Read(home)));
            }
            if (_named.Contains(false)) throw _bytes.Malformed("list.edits.replicas", "a replica is listed that is not named");
            return elements;
        }

        private ListElement Read(int home)
        {
            var lives = new List<ListElement.Life>();
            for (var i = ReadCount("list.edits.lives"); i > 0; i--)
            {
                var dot = ReadDot("list.edits.life");
                var endedBy = new Dot[ReadCount("list.edits.deletions")];
                for (var j = 0; j < endedBy.Length; j++)
                {
                    endedBy[j] = ReadDot("list.edits.deletion");
                    if (j > 0 && endedBy[j - 1].CompareTo(endedBy[j]) >= 0) throw _bytes.Malformed("list.edits.deletion", "its dots are not in ascending order");
                }
                lives.Add(new(dot, new(endedBy)));
            }
            var places = new List<ListElement.Place>();
            for (var i = ReadCount("list.edits.places"); i > 0; i--)
            {
                var place = _bytes.ReadInt32("list.edits.place", dots.OrdinalEnd - 1);
                var depth = _bytes.Read("list.edits.depth");
                if (place == 0 || depth > Dot.CounterMax) throw _bytes.Malformed("list.edits.place", "it is no place, or has no depth");
                places.Add(new(new(depth, depth > 0 ? ReadTime() : default, dots.DotOf(place)), place));
            }
            var values = new List<ConcurrentValue>();
            var count = _bytes.ReadInt32("list.edits.values", _bytes.Remaining);
            if (count == 0) values.Add(new(dots.DotOf(home), default, default));
            for (var i = 1; i < count; i++) values.Add(new(ReadDot("list.edits.value"), ReadTime(), default));
            if (count == 2 && values[0] == new ConcurrentValue(dots.DotOf(home), default, default)) throw _bytes.Malformed("list.edits.values", "the inserted value is written out");
            var replaced = default(LatestDots);
            for (int i = ReadCount("list.edits.replaced"), last = -1; i > 0; i--)
            {
                var dot = ReadDot("list.edits.replaced");
                var number = Array.BinarySearch(replicas, dot.Replica);
                if (number <= last) throw _bytes.Malformed("list.edits.replaced", "its replicas are not in ascending order");
                last = number;
                replaced.Include(dot);
            }
            return ListElement.OfParts(lives, places, values, replaced);
        }

        private int ReadCount(string field) => _bytes.ReadInt32(field, _bytes.Remaining);

        private Dot ReadDot(string field)
        {
            var number = _bytes.ReadInt32(field, replicas.Length);
            if (number == replicas.Length) throw _bytes.Malformed(field, $"there is no replica number {number}");
            var counter = _bytes.Read(field);
            if (counter is 0 or > Dot.CounterMax) throw _bytes.Malformed(field, $"{counter} is no counter");
            _named[number] = true;
            return new(replicas[number], counter);
        }

        private HybridTimestamp ReadTime()
        {
            var code = _bytes.Read("list.edits.time");
            return new(_time += (code >> 1) ^ (0 - (code & 1)));
        }
    }
}
