using FactoryFloor.Sensing;
using FactoryFloor.Simulation;

namespace Edge.Sync.Inference.Tests.Samples;

public class PressSimulatorTests
{
    private static readonly Fault s_fault = new(First: 500, Last: 900);

    [Fact]
    public void Same_seed_gives_the_same_readings_and_another_seed_others()
    {
        var readings = new PressSimulator("a", 1, [s_fault]).Readings(1_000).ToList();
        Assert.Equal(readings, new PressSimulator("a", 1, [s_fault]).Readings(1_000));
        Assert.NotEqual(readings, new PressSimulator("a", 2, [s_fault]).Readings(1_000));
    }

    [Fact]
    public void Fault_grows_in_its_window_and_is_gone_after_it()
    {
        // The twin draws the same noise, so what differs is the wear alone.
        var worn = new PressSimulator("a", 1, [s_fault]).Readings(1_500).ToList();
        var well = new PressSimulator("a", 1, []).Readings(1_500).ToList();
        var excess = worn.Zip(well, static (w, h) => (w.Vibration - h.Vibration) / h.Vibration).ToList();

        Assert.All(excess[..501], static e => Assert.Equal(0, e));
        Assert.All(excess[901..], static e => Assert.Equal(0, e));
        Assert.True(excess[600..650].Average() < excess[700..750].Average());
        Assert.InRange(excess[900], 1, 2);
        Assert.True(worn[900].Temperature > well[900].Temperature + 2);
    }

    [Fact]
    public void Label_names_the_first_and_the_last_reading_of_the_fault()
    {
        var press = new PressSimulator("a", 1, [s_fault]);
        var readings = press.Readings(1_000).ToList();
        Assert.Equal([new LabelledWindow("a", readings[500].At, readings[900].At)], press.Labels);
    }

    [Fact]
    public void Readings_are_what_sensors_could_say()
    {
        Assert.All(new PressSimulator("a", 1, []).Readings(5_000), static r =>
        {
            Assert.InRange(r.Temperature, 20, 70);
            Assert.InRange(r.Vibration, 0, 5);
        });
    }
}
