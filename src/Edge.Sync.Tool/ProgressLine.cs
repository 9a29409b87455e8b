using System.Globalization;

namespace Edge.Sync.Tool;

/// <summary>A count that stays on one line of the terminal; nothing where the error stream is none, unless it is asked for.</summary>
internal sealed class ProgressLine(bool isForced) : IProgress<long>, IDisposable
{
    private const int Width = 40;

    private readonly Lock _lock = new();
    private bool _isShown, _isEnded;

    public void Report(long value)
    {
        lock (_lock)
        {
            if (_isEnded || (Console.IsErrorRedirected && !isForced)) return;
            var text = $"{value.ToString("N0", CultureInfo.InvariantCulture)} changes";
            if (Console.IsErrorRedirected) Console.Error.WriteLine(text);
            else Console.Error.Write("\r" + text.PadRight(Width));
            _isShown = !Console.IsErrorRedirected;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isShown && !_isEnded) Console.Error.Write("\r" + new string(' ', Width) + "\r");
            _isEnded = true;
        }
    }
}
