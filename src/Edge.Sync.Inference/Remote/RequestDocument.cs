namespace Edge.Sync.Inference;

/// <summary>A row that another replica is asked to compute. Whoever asked deletes it, whether it was answered or not; an answer to one that is deleted does not bring it back.</summary>
[EdgeDocument("inference-request", Delete = DeletePolicy.DeleteWins)]
internal sealed partial class RequestDocument
{
    /// <summary>The name of the place that is asked.</summary>
    public partial string Place { get; set; }

    public partial string Model { get; set; }

    /// <summary>The replica that asks.</summary>
    public partial Guid Requester { get; set; }

    /// <summary>Floats, little-endian, in base64: fields hold text, not bytes. Empty once nobody waits any more.</summary>
    public partial string Input { get; set; }

    /// <summary>For how long somebody waits, in milliseconds: no instant, since clocks differ.</summary>
    public partial long BudgetMs { get; set; }

    /// <summary>An <see cref="Remote.AnswerText"/>: one value, so that answers of two workers never mix. Empty until there is one.</summary>
    public partial string Answer { get; set; }
}
