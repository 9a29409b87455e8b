using Edge.Sync.Benchmarks;
using Edge.Sync.Benchmarks.Store;
using Edge.Sync.Benchmarks.Traces;

return args switch
{
    ["trace", .. var rest] => TraceCommand.Run(rest),
    ["text", .. var rest] => TextCommand.Run(rest),
    ["crdts", .. var rest] => CrdtCommand.Run(rest),
    ["store", .. var rest] => StoreCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project benchmarks -- <command>

          trace FILE... [--runs N] [--json FILE]   replay editing traces and check the final text
          text [--runs N]                          the text engine: many writers, random edits
          crdts [--runs N]                         sets, counters, registers, maps, trees, event logs
          store [commit]                           commits beside raw SQLite
        """);
    return 2;
}
