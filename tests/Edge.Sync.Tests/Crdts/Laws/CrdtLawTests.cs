using System.Globalization;
using Edge.Sync.Tests.Crdts.Subjects;

namespace Edge.Sync.Tests.Crdts.Laws;

/// <summary>Every law for every type, each on many seeded histories. A failure names the seed: add it to <see cref="s_onceFailed"/>.</summary>
public sealed class CrdtLawTests
{
    /// <summary>How many histories each law is checked on: a fixed number in each run, more on demand.</summary>
    private static readonly int s_seedCount = int.TryParse(Environment.GetEnvironmentVariable("EDGE_SYNC_LAW_SEEDS"), CultureInfo.InvariantCulture, out var count) ? count : 120;

    /// <summary>Seeds beyond the range that once found a bug, with the type's name.</summary>
    private static readonly (string Subject, int Seed)[] s_onceFailed = [];

    public static TheoryData<string> Subjects => [.. AllSubjects.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Subjects))]
    public void Any_causal_order_gives_the_defined_value_and_the_same_bytes(string subject) => Check(subject, CrdtLaws.Converges);

    [Theory, MemberData(nameof(Subjects))]
    public void Joining_states_is_a_least_upper_bound_and_equals_joining_deltas(string subject) => Check(subject, CrdtLaws.StatesJoin);

    [Theory, MemberData(nameof(Subjects))]
    public void Fragment_of_a_state_rejoins_to_the_state(string subject) => Check(subject, CrdtLaws.FragmentsRejoin);

    [Theory, MemberData(nameof(Subjects))]
    public void Deltas_states_and_fragments_mixed_converge(string subject) => Check(subject, CrdtLaws.MixesConverge);

    [Theory, MemberData(nameof(Subjects))]
    public void Concurrent_deltas_commute_and_a_duplicate_is_free_of_effect(string subject) => Check(subject, CrdtLaws.DeltasCommute);

    [Theory, MemberData(nameof(Subjects))]
    public void Compacting_at_a_stable_version_changes_no_reading_and_commutes_with_joining(string subject) => Check(subject, CrdtLaws.CompactingCommutes);

    [Theory, MemberData(nameof(Subjects))]
    public void Mutator_tells_what_an_edit_would_do_and_changes_nothing(string subject) => Check(subject, CrdtLaws.MutatorsOnlyTell);

    private static void Check(string name, Action<CrdtSubject, int> law)
    {
        var subject = AllSubjects.All.Single(s => s.Name == name);
        var seeds = Enumerable.Range(0, s_seedCount).Concat(s_onceFailed.Where(f => f.Subject == name).Select(f => f.Seed));
        foreach (var seed in seeds)
        {
            try { law(subject, seed); }
            catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested) { throw new InvalidOperationException($"{name} breaks {law.Method.Name} with seed {seed}: {e.Message}", e); }
        }
    }
}
