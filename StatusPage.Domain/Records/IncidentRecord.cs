using StatusPage.Domain.Incidents;
using StatusPage.Domain.Promises;

namespace StatusPage.Domain.Records;

/// <summary>A standing update, reduced to what a record needs.</summary>
public sealed record RecordedUpdate(Phase Phase, DateTimeOffset PostedAt);

/// <summary>The times of an alert that became the incident.</summary>
public sealed record RecordedCase(DateTimeOffset AlertedAt, DateTimeOffset? DraftedAt, DateTimeOffset? TakenAt);

/// <summary>What the program itself knows of an incident.</summary>
/// <param name="Updates">Those that stand, in their order.</param>
public sealed record RecordFacts(
    IncidentId Id,
    string Title,
    Severity? Severity,
    DateTimeOffset StartedAt,
    bool IsBackfilled,
    DateTimeOffset? ResolvedAt,
    IReadOnlyList<RecordedUpdate> Updates,
    IReadOnlyList<RecordedCase> Cases
)
{
    /// <summary>
    /// Null: the program does not know. What was added to the history afterwards has a beginning and an end alone, as its update was written after both.
    /// </summary>
    public DateTimeOffset? Of(IncidentMoment moment) =>
        moment switch
        {
            IncidentMoment.Began => Earlier(StartedAt, Earliest(row => row.AlertedAt)),
            IncidentMoment.Resolved => ResolvedAt,
            IncidentMoment.Alerted => Earliest(row => row.AlertedAt),
            _ when IsBackfilled => null,
            IncidentMoment.Declared => Earlier(FirstUpdateAt, Earliest(row => row.DraftedAt)),
            IncidentMoment.Acknowledged => Earlier(FirstUpdateAt, Earliest(row => row.TakenAt)),
            IncidentMoment.Identified => FirstWith(Phase.Identified),
            IncidentMoment.FixDeployed => FirstWith(Phase.Monitoring),
            _ => null,
        };

    public DateTimeOffset? FirstUpdateAt => IsBackfilled || Updates.Count == 0 ? null : Updates[0].PostedAt;

    private DateTimeOffset? FirstWith(Phase phase) => Updates.FirstOrDefault(update => update.Phase == phase)?.PostedAt;

    private DateTimeOffset? Earliest(Func<RecordedCase, DateTimeOffset?> time) => Cases.Min(time);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => other is null || one <= other ? one : other;
}

/// <param name="By">Who set it by hand; null: the program knows it from what happened.</param>
public sealed record RecordedMoment(IncidentMoment Moment, DateTimeOffset? At, string? By);

/// <summary>
/// When what happened, for the team: what the program knows, with what people corrected, and the times that follow. The public page keeps its own
/// beginning and end.
/// </summary>
public sealed class IncidentRecord
{
    private readonly RecordFacts _facts;
    private readonly IReadOnlyDictionary<IncidentMoment, MomentCorrection> _corrections;

    public IncidentRecord(RecordFacts facts, IEnumerable<MomentCorrection> corrections) =>
        (_facts, _corrections) = (facts, corrections.ToDictionary(row => row.Moment));

    /// <summary>The same incident with other corrections.</summary>
    public IncidentRecord With(IEnumerable<MomentCorrection> corrections) => new(_facts, corrections);

    public IncidentId Id => _facts.Id;
    public string Title => _facts.Title;
    public Severity? Severity => _facts.Severity;
    public DateTimeOffset BeganAt => At(IncidentMoment.Began)!.Value;
    public DateTimeOffset? FirstUpdateAt => _facts.FirstUpdateAt;
    public IEnumerable<RecordedMoment> Moments =>
        IncidentMoments.All.Select(moment => new RecordedMoment(moment, At(moment), _corrections.GetValueOrDefault(moment)?.By));

    /// <summary>Null while it is not known. An incident that is open, or open again, has no end, whatever somebody set before.</summary>
    public DateTimeOffset? At(IncidentMoment moment) =>
        moment == IncidentMoment.Resolved && _facts.ResolvedAt is null ? null : _corrections.GetValueOrDefault(moment)?.At ?? _facts.Of(moment);

    /// <summary>The earlier of alert and declaration.</summary>
    private DateTimeOffset? DetectedAt => new[] { At(IncidentMoment.Alerted), At(IncidentMoment.Declared) }.Min();

    /// <summary>From the beginning until an alert or a person noticed it; like all of these, null while one of the two times is unknown.</summary>
    public TimeSpan? ToDetect => Between(BeganAt, DetectedAt);

    /// <summary>From then until somebody had it.</summary>
    public TimeSpan? ToAcknowledge => Between(DetectedAt, At(IncidentMoment.Acknowledged));

    /// <summary>From the beginning to the first update, as the promises report has it.</summary>
    public TimeSpan? ToFirstUpdate => Between(BeganAt, FirstUpdateAt);

    /// <summary>From the beginning to the end.</summary>
    public TimeSpan? ToResolve => Between(BeganAt, At(IncidentMoment.Resolved));

    /// <summary>Whether it was acknowledged within the guide's response time; null while one of the two is unknown.</summary>
    public bool? IsAcknowledgedInTime => InTime(ToAcknowledge);

    /// <summary>The same for the first update.</summary>
    public bool? IsToldInTime => InTime(ToFirstUpdate);

    /// <summary>Checks a time before it is set by hand.</summary>
    /// <exception cref="RuleViolation">It lies in the time to come, before the beginning or after the end, or the beginning would move behind others.</exception>
    public void Check(IncidentMoment moment, DateTimeOffset at, DateTimeOffset now)
    {
        var field = moment.ToString();
        if (at > now)
            throw new RuleViolation($"“{(Sentence)moment.Label()}” lies in the time to come. Look at the day and the time again.", field);
        if (moment == IncidentMoment.Began)
        {
            if (at < _facts.StartedAt - MomentCorrection.LongestUnnoticed || at < Incident.EarliestStart)
                throw new RuleViolation(
                    $"It cannot have begun more than {MomentCorrection.LongestUnnoticed.TotalDays:N0} days before it was told of.",
                    field
                );
            if (
                IncidentMoments.All.Where(other => other != moment && At(other) < at).Select(other => (IncidentMoment?)other).FirstOrDefault() is
                { } earlier
            )
                throw new RuleViolation(
                    $"It cannot have begun after “{(Sentence)earlier.Label()}”. Correct that first, or choose an earlier time.",
                    field
                );
            return;
        }
        if (at < BeganAt)
            throw new RuleViolation(
                $"“{(Sentence)moment.Label()}” cannot come before it began. Correct “{(Sentence)IncidentMoment.Began.Label()}” first.",
                field
            );
        if (moment != IncidentMoment.Resolved && at > At(IncidentMoment.Resolved))
            throw new RuleViolation(
                $"“{(Sentence)moment.Label()}” cannot come after it was resolved. Correct “{(Sentence)IncidentMoment.Resolved.Label()}” first.",
                field
            );
        if (moment == IncidentMoment.Resolved && _facts.ResolvedAt is null)
            throw new RuleViolation("It is still open. Resolve it with an update first.", field);
    }

    private bool? InTime(TimeSpan? took) => Severity is { } severity && took is { } span ? PromiseReport.IsInTime(severity, span) : null;

    private static TimeSpan? Between(DateTimeOffset? from, DateTimeOffset? until) =>
        from is null || until is null ? null
        : until > from ? until - from
        : TimeSpan.Zero;
}
