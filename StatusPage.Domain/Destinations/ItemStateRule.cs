using StatusPage.Domain.Postmortems;

namespace StatusPage.Domain.Destinations;

/// <summary>What becomes of an action item when its issue was read.</summary>
/// <param name="MoveTo">The state that it takes; null: it stays.</param>
/// <param name="Trouble">What to tell where both sides changed; null: nothing.</param>
public sealed record ItemStateReading(ActionItemState? MoveTo, string? Trouble);

/// <summary>
/// Pure: the state of an issue and that of our item. The last known state of the issue decides who changed: the side that differs from it. Ours is never
/// written over where both did.
/// </summary>
public static class ItemStateRule
{
    public const string Open = "open";
    private const string ClosedPrefix = "closed:";

    /// <summary>How often an open issue is read, in case its webhook was missed.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    /// <summary>How often a closed one is, as somebody may open it again.</summary>
    public static readonly TimeSpan EveryClosed = TimeSpan.FromHours(24);

    /// <summary>As GitHub says it.</summary>
    /// <param name="reason">completed, not_planned, duplicate, reopened or null.</param>
    public static string CodeOf(string state, string? reason) =>
        state == Open ? Open : Text.Cut($"{ClosedPrefix}{reason ?? "completed"}", DestinationLink.MaxState);

    /// <summary>Closed as completed is done, closed for another reason is dropped.</summary>
    public static ActionItemState Meaning(string remoteState) =>
        remoteState == Open ? ActionItemState.Open
        : remoteState == $"{ClosedPrefix}completed" ? ActionItemState.Done
        : ActionItemState.Dropped;

    /// <param name="known">The last known state of the issue; null: none is known, so it was open.</param>
    public static ItemStateReading Read(string? known, string now, ActionItemState ours, string where)
    {
        var (before, theirs) = (Meaning(known ?? Open), Meaning(now));
        if (theirs == ours || theirs == before)
            return new(null, null);
        return ours == before
            ? new(theirs, null)
            : new(
                null,
                $"Both changed: {where} it is {theirs.Code()}, here it is {ours.Code()}. Neither was written over. Set one to what the other says."
            );
    }

    public static DateTimeOffset NextCheck(string remoteState, DateTimeOffset now) => now + (remoteState == Open ? Every : EveryClosed);
}
