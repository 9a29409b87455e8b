namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>What reader and writer keep of each author: so the next step can say it in few bits.</summary>
internal sealed class HistoryAuthors
{
    public struct Author
    {
        public ReplicaId Replica;

        /// <summary>The lowest counter that the next delta may have. A deletion takes no counter, so it may share its with what follows.</summary>
        public ulong NextCounter;

        /// <summary>How many deltas there are.</summary>
        public int Count;

        /// <summary>The ordinal of the character that stood before the cursor after the last step; 0 for none.</summary>
        public int Anchor;

        public int LastGroup;
    }

    private Author[] _authors = new Author[1];

    /// <summary>The author of each group. A group is all the steps of one author in a row.</summary>
    private readonly List<int> _groups = [];

    public int Count { get; private set; }

    /// <summary>The author of the last step; -1 before there is one.</summary>
    public int Last => _groups.Count > 0 ? _groups[^1] : -1;

    public ref Author this[int author] => ref _authors[author];

    public int Add(ReplicaId replica)
    {
        if (Count == _authors.Length) Array.Resize(ref _authors, Count * 2);
        _authors[Count] = new() { Replica = replica, NextCounter = 1, LastGroup = -1 };
        return Count++;
    }

    /// <summary>Makes <paramref name="author"/> the last one.</summary>
    public void Enter(int author)
    {
        if (author == Last) return;
        _authors[author].LastGroup = _groups.Count;
        _groups.Add(author);
    }

    /// <summary>How many groups ago the author wrote last.</summary>
    public int BackOf(int author) => _groups.Count - 1 - _authors[author].LastGroup;

    /// <summary>Who wrote <paramref name="back"/> groups ago; -1 where there is no such group, or that author wrote since.</summary>
    public int At(int back)
    {
        var group = _groups.Count - 1 - back;
        return group >= 0 && _authors[_groups[group]].LastGroup == group ? _groups[group] : -1;
    }
}
