using System.Globalization;

namespace Edge.Sync.Testing;

/// <summary>What happened in a run, one event a line. Signatures are drawn at random by every ECDSA key, so no line tells of bytes, only of how many.</summary>
internal sealed class Trace(Pump pump, TextWriter? output)
{
    private const int KeptMax = 30;

    private readonly Queue<string> _last = [];

    public void Write(FormattableString text)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $@"{pump.Now:hh\:mm\:ss\.ffff} {FormattableString.Invariant(text)}");
        output?.Write(line + "\n");
        if (_last.Count == KeptMax) _last.Dequeue();
        _last.Enqueue(line);
    }

    public string Last() => string.Join('\n', _last);
}
