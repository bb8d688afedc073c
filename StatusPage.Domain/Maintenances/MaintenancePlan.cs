namespace StatusPage.Domain.Maintenances;

/// <summary>What ends a maintenance. The numbers lie in the store.</summary>
public enum MaintenanceEnd
{
    /// <summary>The clock, at the planned end.</summary>
    OnTime = 0,

    /// <summary>Somebody who says so; until then it goes on, even longer than planned.</summary>
    ByHand = 1,

    /// <summary>At the planned end it is verified, for a fixed time or until somebody says that it is done.</summary>
    Verified = 2,
}

/// <summary>What happens by itself, and who hears of it.</summary>
/// <param name="StartsItself">False: somebody says when it begins.</param>
/// <param name="VerifyFor">With <see cref="MaintenanceEnd.Verified"/>: for how long; null: until somebody says that it is done.</param>
/// <param name="RemindBefore">How long before the start subscribers are reminded; null: not at all.</param>
/// <param name="TellsPhases">Whether subscribers hear of a start and an end that happen by themselves.</param>
public sealed record MaintenanceConduct(bool StartsItself, MaintenanceEnd End, TimeSpan? VerifyFor, TimeSpan? RemindBefore, bool TellsPhases)
{
    public static readonly TimeSpan LongestVerification = TimeSpan.FromHours(24);

    /// <summary>A longer window is taken for a typing error, or is no maintenance.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(366);

    /// <summary>The choices for a reminder.</summary>
    public static readonly TimeSpan[] Reminders = [TimeSpan.FromHours(1), TimeSpan.FromHours(24), TimeSpan.FromHours(72)];

    public static readonly MaintenanceConduct Default = new(true, MaintenanceEnd.OnTime, null, TimeSpan.FromHours(24), true);

    /// <summary>For a record, of which nobody is told.</summary>
    public static readonly MaintenanceConduct Silent = Default with { RemindBefore = null, TellsPhases = false };

    /// <exception cref="RuleViolation">It ends before it begins, is too long, or lies outside of the calendar.</exception>
    public static void CheckWindow(DateTimeOffset from, DateTimeOffset until)
    {
        var checks = new Checks();
        checks.Try(() => Instants.Checked(from, nameof(Maintenance.ScheduledFor), "The start"));
        checks.Try(() => Instants.Checked(until, nameof(Maintenance.ScheduledUntil), "The end"));
        checks.Enforce();
        if (until <= from)
            throw new RuleViolation("The end must come after the start.", nameof(Maintenance.ScheduledUntil));
        if (until - from > LongestWindow)
            throw new RuleViolation($"A window can be {LongestWindow.TotalDays:N0} days long at most.", nameof(Maintenance.ScheduledUntil));
    }

    public MaintenanceConduct Checked()
    {
        var checks = new Checks();
        checks.Refuse(!Enum.IsDefined(End), "Choose what ends it.", nameof(End));
        checks.Refuse(
            VerifyFor is { } span && (span < TimeSpan.FromMinutes(1) || span > LongestVerification),
            $"Choose between 1 and {LongestVerification.TotalMinutes:N0} minutes.",
            nameof(VerifyFor)
        );
        checks.Refuse(RemindBefore is { } before && !Reminders.Contains(before), "Choose when subscribers are reminded.", nameof(RemindBefore));
        checks.Enforce();
        return End == MaintenanceEnd.Verified ? this : this with { VerifyFor = null };
    }
}

/// <summary>
/// Derives the phase at any instant from what was planned and what people did. Pure, so that the page moves on without a store.
/// </summary>
/// <param name="StartedAt">Start by hand; null leaves it to the clock, if that starts it.</param>
public sealed record MaintenancePlan(
    DateTimeOffset From,
    DateTimeOffset Until,
    bool StartsItself,
    MaintenanceEnd End,
    TimeSpan? VerifyFor,
    DateTimeOffset? StartedAt,
    DateTimeOffset? VerifyingAt,
    DateTimeOffset? CompletedAt
)
{
    /// <summary>When it starts or did; null while a person decides that.</summary>
    public DateTimeOffset? StartsAt => StartedAt ?? (StartsItself ? From : null);

    public DateTimeOffset? VerifiesAt => VerifyingAt ?? (End == MaintenanceEnd.Verified ? AtTheEnd : null);

    public DateTimeOffset? CompletesAt =>
        CompletedAt
        ?? End switch
        {
            MaintenanceEnd.OnTime => AtTheEnd,
            MaintenanceEnd.Verified => VerifiesAt + VerifyFor,
            _ => null,
        };

    /// <summary>The planned end, or the start if that came later.</summary>
    private DateTimeOffset? AtTheEnd =>
        StartsAt is { } start
            ? start > Until
                ? start
                : Until
            : null;

    /// <summary>When something changes without anybody's doing, including when "on time" turns into "late".</summary>
    public IEnumerable<DateTimeOffset> Instants => new[] { From, Until, StartsAt, VerifiesAt, CompletesAt }.OfType<DateTimeOffset>().Distinct();

    /// <summary>
    /// The time during which it runs or ran; null when it never begins, as far as known. A cancelled maintenance ended when it was cancelled.
    /// </summary>
    public (DateTimeOffset From, DateTimeOffset? Until)? Runs(DateTimeOffset? cancelledAt)
    {
        if (StartsAt is not { } from || cancelledAt <= from)
            return null;
        var until = CompletesAt;
        return (from, cancelledAt is { } cancelled && !(until < cancelled) ? cancelled : until);
    }

    public MaintenancePhase PhaseAt(DateTimeOffset instant) =>
        CompletesAt <= instant ? MaintenancePhase.Completed
        : VerifiesAt <= instant ? MaintenancePhase.Verifying
        : StartsAt <= instant ? MaintenancePhase.InProgress
        : MaintenancePhase.Scheduled;

    /// <summary>Whether it should have begun and has not, or runs longer than planned.</summary>
    public bool IsLateAt(DateTimeOffset instant) =>
        PhaseAt(instant) switch
        {
            MaintenancePhase.Scheduled => instant >= From,
            MaintenancePhase.InProgress => instant >= Until,
            _ => false,
        };
}
