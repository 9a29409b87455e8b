using Edge.Sync.Transports.InMemory;

namespace Edge.Sync;

/// <summary>A network within one process, for tests and samples: named endpoints, and links between them that can be cut and healed.</summary>
/// <remarks>
/// Bytes run through bounded pipes: a reader that is slow holds its writer up. A cut loses what is under way, as on a real network. Safe for use by
/// several threads at once.
/// </remarks>
public sealed class InMemoryNetwork
{
    /// <summary>The default of the constructor's parameter, in bytes.</summary>
    internal const int DefaultPauseBytes = 64 * 1024;

    private readonly int _pauseBytes;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, InMemoryEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string), InMemoryLink> _links = [];

    /// <summary>A network without links.</summary>
    /// <param name="pauseBytes">How many bytes may wait at each end of a link, in each direction, before a writer is held up.</param>
    public InMemoryNetwork(int pauseBytes = DefaultPauseBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pauseBytes);
        _pauseBytes = pauseBytes;
    }

    /// <summary>Lays a link between two endpoints, which may be used by a database before or after that. A second call changes nothing.</summary>
    public void Connect(string first, string second)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(first);
        ArgumentException.ThrowIfNullOrWhiteSpace(second);
        if (first == second) throw new ArgumentException($"'{first}' cannot be connected with itself.", nameof(second));
        lock (_lock)
        {
            if (_links.ContainsKey(KeyOf(first, second))) return;
            var link = new InMemoryLink(_pauseBytes);
            _links.Add(KeyOf(first, second), link);
            EndpointLocked(first).Add(new(link, 0, second));
            EndpointLocked(second).Add(new(link, 1, first));
        }
    }

    /// <summary>Breaks a link: running sessions see their peer close, and what was under way is lost. It stays cut until it is healed.</summary>
    /// <exception cref="ArgumentException">There is no such link.</exception>
    public void Cut(string first, string second) => Link(first, second).Cut();

    /// <summary>Repairs a link: the endpoints start a new session at once. Does nothing to a link that is whole.</summary>
    /// <exception cref="ArgumentException">There is no such link.</exception>
    public void Heal(string first, string second) => Link(first, second).Heal();

    internal InMemoryEndpoint Endpoint(string name)
    {
        lock (_lock)
            return EndpointLocked(name);
    }

    private InMemoryEndpoint EndpointLocked(string name)
    {
        if (!_endpoints.TryGetValue(name, out var endpoint))
            _endpoints.Add(name, endpoint = new());
        return endpoint;
    }

    private InMemoryLink Link(string first, string second)
    {
        lock (_lock)
        {
            return _links.GetValueOrDefault(KeyOf(first, second))
                ?? throw new ArgumentException($"There is no link between '{first}' and '{second}': call Connect first.");
        }
    }

    private static (string, string) KeyOf(string first, string second) =>
        string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);
}
