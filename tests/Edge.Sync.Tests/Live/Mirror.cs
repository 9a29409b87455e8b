using System.Collections.Specialized;

namespace Edge.Sync.Tests.Live;

/// <summary>A list that is kept by the events of a live list alone, as a UI framework does.</summary>
internal sealed class Mirror<T> where T : class
{
    private readonly LiveList<T> _source;
    private readonly UiThread? _ui;

    public Mirror(LiveList<T> source, UiThread? ui = null)
    {
        (_source, _ui) = (source, ui);
        source.CollectionChanged += OnChanged;
    }

    public List<T> Items { get; } = [];

    public List<NotifyCollectionChangedAction> Actions { get; } = [];

    private void OnChanged(object? sender, NotifyCollectionChangedEventArgs e)
    {
        if (_ui is not null) Assert.True(_ui.IsRunning);
        Actions.Add(e.Action);
        switch (e.Action)
        {
            case NotifyCollectionChangedAction.Add: Items.Insert(e.NewStartingIndex, (T)e.NewItems![0]!); break;
            case NotifyCollectionChangedAction.Remove:
                Assert.Same(Items[e.OldStartingIndex], e.OldItems![0]);
                Items.RemoveAt(e.OldStartingIndex);
                break;
            case NotifyCollectionChangedAction.Move:
                Assert.Same(Items[e.OldStartingIndex], e.NewItems![0]);
                Items.RemoveAt(e.OldStartingIndex);
                Items.Insert(e.NewStartingIndex, (T)e.NewItems[0]!);
                break;
            case NotifyCollectionChangedAction.Replace: Items[e.NewStartingIndex] = (T)e.NewItems![0]!; break;
            default:
                Items.Clear();
                Items.AddRange(_source);
                break;
        }
        // The list is as the step has left it, while its handlers run.
        Assert.Equal(_source, Items);
    }
}
