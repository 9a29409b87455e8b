using System.Globalization;

namespace Edge.Sync.LogModel.Explorer;

/// <summary>What came of exploring a world.</summary>
/// <param name="States">Distinct states that were reached and checked.</param>
/// <param name="Transitions">Actions taken between them, after the reduction.</param>
/// <param name="Histories">Different sequences of actions from the first state to one where nothing is possible, as far as the reduction keeps them: a lower bound.</param>
/// <param name="DepthMax">Actions of the longest of the shortest ways.</param>
/// <param name="IsComplete">Every state within the world's budgets was visited. False where the limit on states ended it, or a counterexample.</param>
/// <param name="Counterexample">What went wrong and the shortest way there; null where the property holds.</param>
internal sealed record Exploration(int States, long Transitions, double Histories, int DepthMax, bool IsComplete, Counterexample? Counterexample)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{States:N0} states, {Transitions:N0} transitions, {(Histories < 1e6 ? Histories.ToString("N0", CultureInfo.InvariantCulture) : Histories.ToString("0.0e0", CultureInfo.InvariantCulture))} histories, depth {DepthMax}, {(IsComplete ? "complete" : Counterexample is null ? "stopped at the limit" : "stopped at the counterexample")}");
}

/// <summary>A way to a state where the property fails.</summary>
internal sealed record Counterexample(string Violation, IReadOnlyList<string> Actions)
{
    public override string ToString() => $"{Violation}{Environment.NewLine}  after {string.Join("; ", Actions)}";
}
