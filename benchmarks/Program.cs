using Edge.Sync.Benchmarks;
using Edge.Sync.Benchmarks.Cqrs;
using Edge.Sync.Benchmarks.Generator;
using Edge.Sync.Benchmarks.Inference;
using Edge.Sync.Benchmarks.Learning;
using Edge.Sync.Benchmarks.Read;
using Edge.Sync.Benchmarks.Series;
using Edge.Sync.Benchmarks.Store;
using Edge.Sync.Benchmarks.Traces;

Timing.IsOfProcessor = args.Contains("--cpu");
return args.Where(arg => arg != "--cpu").ToArray() switch
{
    ["trace", .. var rest] => TraceCommand.Run(rest),
    ["micro", .. var rest] => MicroCommand.Run(rest, TextCases.Run, CrdtCases.Run),
    ["text", .. var rest] => MicroCommand.Run(rest, TextCases.Run),
    ["crdts", .. var rest] => MicroCommand.Run(rest, CrdtCases.Run),
    ["generator"] => GeneratorCommand.Run(),
    ["read"] => ReadCommand.Run(),
    ["store", .. var rest] => StoreCommand.Run(rest),
    ["series", .. var rest] => SeriesCommand.Run(rest),
    ["cqrs"] => CqrsCommand.Run(),
    ["inference", .. var rest] => InferenceCommand.Run(rest),
    ["learning", .. var rest] => LearningCommand.RunAsync(rest).GetAwaiter().GetResult(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project benchmarks -- <command>

          trace FILE... [--runs N] [--json FILE]   replay editing traces and check the final text
          micro [--runs N]                         all the rest: text and crdts
          text [--runs N]                          many writers in one text, random edits
          crdts [--runs N]                         sets, counters, registers, maps, trees, event logs
          generator                                a hundred documents: all, and after an edit
          read                                     documents by id, queries beside Dapper, watchers
          store [commit|replay|open [N]]           commits beside raw SQLite, replay, verification, a million documents
          series [POINTS]                          points appended and read beside a table of raw SQLite
          cqrs                                     events and projections beside commits without them
          inference [calls|pipeline|wasm|swap|overload|memory]   models and pipelines beside bare ONNX Runtime
          learning [FILE.csv]                      canary verdicts, placement beside an oracle, federated beside central

        With --cpu, times are the processor's: for a machine that is busy with other things.
        """);
    return 2;
}
