using System.Globalization;
using Edge.Sync;

// Edits a database as fast as it can, from several tasks, until it is killed. Each line is the number of an edit that was acknowledged:
// whatever happens to this process afterwards, that edit must be in the file.
const int WriterCount = 4;
const int DocumentCount = 200;

await using var db = await EdgeDatabase.OpenAsync(args[0]);
var next = long.Parse(args[1], CultureInfo.InvariantCulture);
var output = Console.OpenStandardOutput();
var outputLock = new Lock();

await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(_ => Task.Run(WriteAsync)));

async Task WriteAsync()
{
    while (true)
    {
        var number = Interlocked.Increment(ref next);
        var id = DocumentId.Named($"ledger-{number % DocumentCount}");
        await db.Documents<Ledger>().EditAsync(id, number, static (ledger, number) =>
        {
            ledger.Edits.Add(1);
            ledger.Last = number;
            ledger.Numbers.Add(number);
            ledger.Journal.Append($"{number} ");
        });
        var line = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n"));
        lock (outputLock)
        {
            output.Write(line);
            output.Flush();
        }
        if (number % 500 == 0) await db.PackAsync(); // so that some are killed in the middle of it
    }
}
