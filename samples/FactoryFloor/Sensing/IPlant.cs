namespace FactoryFloor.Sensing;

/// <summary>What three presses live through: their readings, and the model that watches over them.</summary>
internal interface IPlant
{
    /// <summary>The readings of each press, in order of time, each press with its own name.</summary>
    IReadOnlyList<IReadOnlyList<Reading>> Presses { get; }

    /// <summary>When they are known to have been at fault; for the report at the end only.</summary>
    IReadOnlyCollection<LabelledWindow> Labels { get; }

    SensorFeatures Features { get; }

    /// <summary>The bytes of the model.</summary>
    byte[] Model { get; }
}
