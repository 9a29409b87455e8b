namespace Edge.Sync.Tests.Projections.Search;

/// <summary>A document with texts of each kind that can be searched.</summary>
[EdgeDocument("article")]
public partial class Article
{
    [Searchable] public partial string Title { get; set; }
    [Searchable] public partial string? Tag { get; set; }
    [Searchable] public partial ReplicatedText Body { get; }
    [Searchable] public partial ReplicatedRichText Page { get; }
    [Searchable] public partial Register<string> Author { get; }
    public partial string Hidden { get; set; }
    [Indexed] public partial int Stars { get; set; }
}

/// <summary>The same collection in an app that does not search yet.</summary>
[EdgeDocument("article")]
public partial class OldArticle
{
    public partial string Title { get; set; }
}
