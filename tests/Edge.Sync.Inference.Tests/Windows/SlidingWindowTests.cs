using Edge.Sync.Inference.Windows;

namespace Edge.Sync.Inference.Tests.Windows;

public class SlidingWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Window_after_each_push_holds_the_newest_items_oldest_first(int count)
    {
        var window = new SlidingWindow<int>(count);
        var pushed = new List<int>();
        for (var item = 0; item < 5 * count; item++)
        {
            Assert.Equal(pushed.Count >= count, window.IsFull);
            window.Push(item);
            pushed.Add(item);
            Assert.Equal(pushed.TakeLast(count), window.Items.ToArray());
        }
    }
}
