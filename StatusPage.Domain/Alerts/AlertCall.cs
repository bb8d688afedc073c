using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Promises;

namespace StatusPage.Domain.Alerts;

/// <summary>A draft that nobody has taken yet.</summary>
public sealed record UntakenCase(AlertCaseId Id, string Title, Severity? Severity, DateTimeOffset DraftedAt)
{
    /// <summary>The response time of the severity; of a draft that nobody rated, that of a moderate incident.</summary>
    public DateTimeOffset ResponseDueAt => DraftedAt + (Severity ?? Incidents.Severity.Sev3).ResponseTime();
}

/// <summary>Something to tell the team about a draft at this instant.</summary>
/// <param name="Level">0 when it is drafted; 1 and 2 for the levels of the escalation.</param>
public sealed record AlertCall(UntakenCase Case, int Level, PromiseTarget Target)
{
    public const string TopicPrefix = "alert.";

    /// <summary>The same on every node and after every restart, so that the store takes it once.</summary>
    public string Key => $"{TopicPrefix}{Case.Id}.{Level}.{Target.Name}";

    public string Topic => TopicOf(Case.Id, Level);

    public NoticeUrgency Urgency => Level == 2 ? NoticeUrgency.Critical : NoticeUrgency.Error;

    public static string TopicOf(AlertCaseId id, int level) => $"{TopicPrefix}{id}.{level}";

    /// <summary>Null for a topic of something else.</summary>
    public static AlertCaseId? CaseOf(string topic) =>
        topic.StartsWith(TopicPrefix, StringComparison.Ordinal) && topic.Split('.') is [_, var id, ..] && PublicId.LooksLikeOne(id)
            ? AlertCaseId.Of(id)
            : null;
}

/// <summary>Pure: who is called about drafts that nobody takes. The chain is that of promises, from the end of the response time on.</summary>
public static class AlertChain
{
    /// <summary>When a level is called.</summary>
    public static DateTimeOffset At(UntakenCase untaken, int level, PromiseRule rule) =>
        level switch
        {
            0 => untaken.DraftedAt,
            1 => untaken.ResponseDueAt + rule.First,
            _ => untaken.ResponseDueAt + rule.Second,
        };

    /// <summary>All calls that are due, also those that were made before; their keys say so.</summary>
    public static IEnumerable<AlertCall> Due(IEnumerable<UntakenCase> cases, IReadOnlyList<PromiseTarget> targets, PromiseRule rule, DateTimeOffset now) =>
        from untaken in cases
        from target in targets
        where At(untaken, target.Level, rule) <= now
        select new AlertCall(untaken, target.Level, target);

    /// <summary>When to look again; null when nothing is to come.</summary>
    public static DateTimeOffset? NextAfter(IEnumerable<UntakenCase> cases, PromiseRule rule, DateTimeOffset now) =>
        cases
            .SelectMany(untaken => Enumerable.Range(1, Contact.HighestLevel).Select(level => (DateTimeOffset?)At(untaken, level, rule)))
            .Where(at => at > now)
            .Min();
}
