namespace Edge.Sync.Tests.Projections;

/// <summary>Fills a database with random documents from a seed. Few distinct values, so that comparisons meet equal ones.</summary>
internal static class RandomDocuments
{
    // Code points from U+E000 to U+FFFF sort below surrogate pairs, although their UTF-16 units sort above.
    public static readonly string[] Texts = ["", "a", "A", "b", "ab", "aba", "äb", "\uE000", "\uFFFD", "😀", "a😀", "😀a", "\uFF41b", "𝒜", "%", "_", "a%b", "'", "\"", "\\", "a\0b", "a\0c", "\0", "seal 7", "Seal 7"];

    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task FillJobsAsync(EdgeDatabase db, int seed, int count)
    {
        var random = new Random(seed);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => db.Documents<Job>().EditAsync(DocumentId.Named($"{number}"), job =>
        {
            if (random.Next(5) > 0) job.Title = Texts[random.Next(Texts.Length)];
            if (random.Next(3) > 0) job.Done = random.Next(2) == 0;
            if (random.Next(4) > 0) job.Due = random.Next(4) == 0 ? null : Time(random);
            if (random.Next(4) > 0) job.Priority = (Priority)random.Next(3);
            for (var n = random.Next(3); n > 0; n--)
                job.Minutes.Add(random.Next(-3, 6));
            for (var n = random.Next(4); n > 0; n--)
                job.Parts.Add(Texts[random.Next(Texts.Length)]);
            for (var n = random.Next(3); n > 0; n--)
                job.Notes.Append(Texts[random.Next(Texts.Length)]);
        })));
    }

    public static async Task FillGaugesAsync(EdgeDatabase db, int seed, int count)
    {
        var random = new Random(seed);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => db.Documents<Gauge>().EditAsync(DocumentId.Named($"{number}"), gauge =>
        {
            if (random.Next(4) == 0) return;
            gauge.Label = random.Next(3) == 0 ? null : Texts[random.Next(Texts.Length)];
            gauge.Flag = random.Next(2) == 0;
            gauge.MaybeFlag = random.Next(3) switch { 0 => null, 1 => true, _ => false };
            gauge.Small = (byte)(random.Next(2) * 200);
            gauge.Middle = (short)random.Next(-2, 3);
            gauge.Whole = random.Next(-3, 4);
            gauge.MaybeWhole = random.Next(3) == 0 ? null : random.Next(3);
            gauge.Big = random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => random.Next(3) };
            gauge.Narrow = random.Next(4) * 0.1f;
            gauge.Real = random.Next(6) switch { 0 => double.NaN, 1 => double.PositiveInfinity, 2 => double.NegativeInfinity, 3 => -0.0, _ => random.Next(3) * 0.1 };
            gauge.MaybeReal = random.Next(2) == 0 ? null : 1.5;
            gauge.Price = random.Next(4) switch { 0 => 1.0m, 1 => 1.00m, 2 => 10m, _ => 0.5m };
            gauge.Key = Key(random);
            gauge.At = Time(random);
            gauge.Site = DocumentId.Named($"site {random.Next(3)}");
            gauge.Level = random.Next(4) switch { 0 => Level.None, 1 => Level.Half, 2 => Level.Over, _ => Level.Full };
            gauge.MaybeLevel = random.Next(3) switch { 0 => null, 1 => Level.Over, _ => Level.None };
            gauge.Wide = random.Next(3) switch { 0 => Wide.None, 1 => Wide.Many, _ => Wide.Most };
            for (var n = random.Next(4); n > 0; n--)
            {
                gauge.Numbers.Add(random.Next(12));
                gauge.Levels.Add(random.Next(2) == 0 ? Level.Over : Level.Half);
                gauge.Keys.Add(Key(random));
                gauge.Reals.Add(random.Next(4) == 0 ? double.NaN : random.Next(3) * 0.1);
            }
        })));
    }

    public static Guid Key(Random random) => new(random.Next(2), (short)random.Next(2), 0, 0, 0, 0, 0, 0, 0, 0, (byte)random.Next(2));

    // The same moments with different offsets are equal, and sort alike.
    private static DateTimeOffset Time(Random random) => Noon.AddHours(random.Next(-2, 3)).AddTicks(random.Next(2)).ToOffset(TimeSpan.FromHours(random.Next(-5, 6)));
}
