namespace StatusPage.Domain.Alerts;

public enum AlertDeliveryState
{
    /// <summary>Stored and answered; a worker has yet to look at it.</summary>
    Waiting = 0,
    Done = 1,

    /// <summary>It could not be worked on; the outcome says why.</summary>
    Failed = 2,
}

/// <summary>One request of a source, as it came. It is stored before it is answered, so that a crash loses nothing.</summary>
public sealed class AlertDelivery
{
    /// <summary>Bytes.</summary>
    public const int MaxBody = 1024 * 1024;

    public const int MaxOutcome = 300;

    private AlertDelivery() { }

    /// <param name="proof">What makes it recognisable when it is sent again; null for a source that repeats itself on purpose.</param>
    public AlertDelivery(AlertSource source, byte[] body, string? proof, bool isTest, DateTimeOffset now)
    {
        SourceId = source.Id;
        PageId = source.PageId;
        Body = body;
        Proof = proof;
        IsTest = isTest;
        ReceivedAt = now;
    }

    public long Id { get; private init; }
    public AlertSourceId SourceId { get; private init; }
    public PageId PageId { get; private init; }
    public DateTimeOffset ReceivedAt { get; private init; }
    public byte[] Body { get; private init; } = [];

    /// <summary>Unique for each source.</summary>
    public string? Proof { get; private init; }

    /// <summary>Sent from the desk to see what would come of it.</summary>
    public bool IsTest { get; private init; }
    public AlertDeliveryState State { get; private set; }

    /// <summary>What came of it, in a sentence.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The rule that decided on it, if it was an alert that fires.</summary>
    public AlertRuleId? RuleId { get; private set; }
    public AlertCaseId? CaseId { get; private set; }

    public void Finish(string outcome, AlertCaseId? @case = null, AlertRuleId? rule = null) =>
        (State, Outcome, CaseId, RuleId) = (AlertDeliveryState.Done, Text.Cut(Text.Shown(outcome), MaxOutcome), @case, rule);

    public void Fail(string why) => (State, Outcome) = (AlertDeliveryState.Failed, Text.Cut(Text.Shown(why), MaxOutcome));
}
