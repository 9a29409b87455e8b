using Edge.Sync.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Edge.Sync;

/// <summary>What else a host does with a database that was added with <c>AddEdgeSync</c>.</summary>
public sealed class EdgeSyncBuilder
{
    private readonly EdgeDatabaseStartup _startup;

    internal EdgeSyncBuilder(IServiceCollection services, string name, EdgeDatabaseStartup startup) => (Services, Name, _startup) = (services, name, startup);

    /// <summary>The container.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The database's key in the container; empty for the one without.</summary>
    public string Name { get; }

    /// <summary>Brings the read model of a class up to date as the host starts, rather than at its first use.</summary>
    /// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
    public EdgeSyncBuilder AddDocument<T>() where T : class, IEdgeDocument<T>
    {
        _startup.Documents.Add(static (database, cancellationToken) => database.ReadyAsync(T.Schema, cancellationToken));
        return this;
    }

    /// <summary>The same, with rules that what comes from peers must keep to: see <see cref="DocumentRules{T}"/>.</summary>
    /// <typeparam name="T">A class with <see cref="EdgeDocumentAttribute"/>.</typeparam>
    /// <param name="rules">Names the rules.</param>
    public EdgeSyncBuilder AddDocument<T>(Action<DocumentRules<T>> rules) where T : class, IEdgeDocument<T>
    {
        ArgumentNullException.ThrowIfNull(rules);
        Services.Configure<EdgeDatabaseOptions>(Name, options => options.AddRules(rules));
        return AddDocument<T>();
    }

    /// <summary>Syncs from the host's start to its stop. The network never keeps the host from starting; where there is no host, call <see cref="EdgeDatabase.StartSync"/>.</summary>
    /// <param name="configure">Names the links: <c>s => s.UseLan("quick-start")</c>.</param>
    public EdgeSyncBuilder AddSync(Action<SyncBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _startup.Syncs.Add(configure);
        return this;
    }
}
