using Edge.Sync;
using Edge.Sync.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts databases into a container.</summary>
public static class EdgeSyncServiceCollectionExtensions
{
    /// <summary>Adds a database as a singleton <see cref="EdgeDatabase"/>.</summary>
    /// <remarks>
    /// Where there is a host, it opens as the host starts, and a file that cannot be opened ends the start; elsewhere it opens at the first await. Clock and loggers are the container's.
    /// The container disposes it, asynchronously only: <c>await using</c>, or a host. Called twice, both calls configure the one database.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configure">Sets <see cref="EdgeDatabaseOptions.Path"/> at least.</param>
    public static EdgeSyncBuilder AddEdgeSync(this IServiceCollection services, Action<EdgeDatabaseOptions> configure) => Add(services, Options.Options.DefaultName, configure);

    /// <summary>Adds a further database, as a singleton of that key: <c>[FromKeyedServices("telemetry")] EdgeDatabase telemetry</c>.</summary>
    /// <param name="services">The container.</param>
    /// <param name="name">Its key, the name of its options and of its health check; and <see cref="EdgeDatabaseOptions.Name"/> where that is not set.</param>
    /// <param name="configure">Sets <see cref="EdgeDatabaseOptions.Path"/> at least.</param>
    public static EdgeSyncBuilder AddEdgeSync(this IServiceCollection services, string name, Action<EdgeDatabaseOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Add(services, name, configure);
    }

    private static EdgeSyncBuilder Add(IServiceCollection services, string name, Action<EdgeDatabaseOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EdgeDatabaseOptions>, EdgeDatabaseOptionsValidation>());
        var startup = FindStartup(services, name);
        var isNew = startup is null;
        startup ??= new();
        var options = services.AddOptions<EdgeDatabaseOptions>(name);
        if (isNew)
        {
            options.Configure<IServiceProvider>((o, provider) =>
            {
                if (name.Length > 0) o.Name = name;
                o.TimeProvider = provider.GetService<TimeProvider>() ?? o.TimeProvider;
                o.LoggerFactory = provider.GetService<ILoggerFactory>();
            });
            options.ValidateOnStart();
            services.AddKeyedSingleton(name, startup);
            AddDatabase(services, name);
            services.AddSingleton<IHostedService>(provider => new EdgeDatabaseService(provider.GetEdgeDatabase(name), startup, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        }
        options.Configure(configure);
        return new(services, name, startup);
    }

    private static void AddDatabase(IServiceCollection services, string name)
    {
        if (name.Length == 0) services.TryAddSingleton(provider => Make(provider, name));
        else services.TryAddKeyedSingleton(name, (provider, _) => Make(provider, name));
    }

    private static EdgeDatabase Make(IServiceProvider provider, string name) => new(provider.GetRequiredService<IOptionsMonitor<EdgeDatabaseOptions>>().Get(name));

    internal static EdgeDatabase GetEdgeDatabase(this IServiceProvider provider, string name) =>
        name.Length == 0 ? provider.GetRequiredService<EdgeDatabase>() : provider.GetRequiredKeyedService<EdgeDatabase>(name);

    private static EdgeDatabaseStartup? FindStartup(IServiceCollection services, string name) =>
        services.FirstOrDefault(service => service.IsKeyedService && service.ServiceType == typeof(EdgeDatabaseStartup) && name.Equals(service.ServiceKey))?.KeyedImplementationInstance as EdgeDatabaseStartup;
}
