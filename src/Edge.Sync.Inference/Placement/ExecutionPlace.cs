namespace Edge.Sync.Inference;

/// <summary>Where a request can be computed.</summary>
public enum ExecutionPlace
{
    /// <summary>Here. Always possible: by a model, or by whatever rule stands in for one.</summary>
    Device,

    /// <summary>On the site's gateway.</summary>
    Gateway,

    /// <summary>Beyond the site.</summary>
    Upstream,
}

/// <summary>How far the data of a request may go.</summary>
public enum PrivacyZone
{
    /// <summary>They stay on the device.</summary>
    Device,

    /// <summary>They stay on the site.</summary>
    Site,

    /// <summary>Anywhere.</summary>
    Anywhere,
}

/// <summary>Why a place was not to be chosen.</summary>
public enum PlaceBar
{
    /// <summary>It was.</summary>
    None,

    /// <summary>The data must not go there.</summary>
    Privacy,

    /// <summary>It has no model for this.</summary>
    Capability,

    /// <summary>It is not there.</summary>
    Liveness,
}
