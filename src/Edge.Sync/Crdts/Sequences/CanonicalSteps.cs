namespace Edge.Sync.Crdts.Sequences;

/// <summary>
/// The counters of one replica's characters as equal steps: (gap from the counter before, step, how many), where each stretch is as long as
/// it can be from its start. So the same counters give the same numbers, however they arrived.
/// </summary>
internal static class CanonicalSteps
{
    public static void Collect(IEnumerable<(int First, ulong Counter, uint Step, int Length)> stretches, List<ulong> output)
    {
        ulong before = 0, start = 0, last = 0, step = 1;
        var count = 0;
        foreach (var (_, counter, pieceStep, pieceLength) in stretches)
        {
            for (var i = 0; i < pieceLength;)
            {
                var next = counter + (ulong)i * pieceStep;
                var taken = 1;
                if (count == 0)
                {
                    (start, step) = (next, 1);
                }
                else if (count == 1 && next - last <= uint.MaxValue)
                {
                    step = next - last;
                }
                else if (count == 1 || next - last != step)
                {
                    Emit();
                    (count, start, step) = (0, next, 1);
                }
                else if (pieceStep == step)
                {
                    taken = pieceLength - i;
                }
                count += taken;
                i += taken;
                last = counter + (ulong)(i - 1) * pieceStep;
            }
        }
        if (count > 0) Emit();

        void Emit()
        {
            output.Add(start - before);
            output.Add(step);
            output.Add((ulong)count);
            before = start + step * (ulong)(count - 1);
        }
    }
}
