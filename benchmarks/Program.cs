using Edge.Sync.Benchmarks.Traces;

return args switch
{
    ["trace", .. var rest] => TraceCommand.Run(rest),
    ["text", .. var rest] => TextCommand.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project benchmarks -- <command>

          trace FILE... [--runs N] [--json FILE]   replay editing traces and check the final text
          text [--runs N]                          the text engine: many writers, random edits
        """);
    return 2;
}
