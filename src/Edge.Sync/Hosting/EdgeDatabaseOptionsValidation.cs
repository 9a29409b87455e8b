using Microsoft.Extensions.Options;

namespace Edge.Sync.Hosting;

/// <summary>Looks at the options of databases in a container before any is made, so that a host does not start with wrong ones; each failure says its cure.</summary>
internal sealed class EdgeDatabaseOptionsValidation : IValidateOptions<EdgeDatabaseOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeDatabaseOptions options)
    {
        var call = string.IsNullOrEmpty(name) ? "AddEdgeSync(o => …)" : $"AddEdgeSync(\"{name}\", o => …)";
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
            failures.Add($"{call} names no file. Set o.Path, for instance to \"app.db\".");
        else if (options.Path == ":memory:")
            failures.Add($"{call} asks for a database in memory, which would be lost and could not be synced safely. Set o.Path to a file.");
        else if (Directory.Exists(options.Path))
            failures.Add($"{call} names a folder, '{options.Path}'. Set o.Path to a file in it.");
        if (string.IsNullOrEmpty(options.Name))
            failures.Add($"{call} has no name for the database. Leave o.Name as it is, or set it to the one that all its replicas share.");
        if (options.ClockDriftMax < TimeSpan.Zero)
            failures.Add($"{call} has ClockDriftMax = {options.ClockDriftMax}. Set it to zero or more; the default is 5 minutes.");
        if (options.PendingEditsMax <= 0)
            failures.Add($"{call} has PendingEditsMax = {options.PendingEditsMax}. Set it to 1 or more; the default is 65,536.");
        if (options.TimeProvider is null)
            failures.Add($"{call} has no clock. Leave o.TimeProvider as it is, or set it to TimeProvider.System.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
