using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Exercises;

public enum BeatKind
{
    /// <summary>What a monitoring system would say.</summary>
    Alert = 0,

    /// <summary>What somebody finds who looks, or what comes in from outside.</summary>
    Hint = 1,

    /// <summary>What the leader asks the team.</summary>
    Question = 2,
}

public static class BeatKinds
{
    public static string Label(this BeatKind kind) =>
        kind switch
        {
            BeatKind.Alert => "Alert",
            BeatKind.Question => "Question",
            _ => "Hint",
        };
}

/// <summary>What the leader reveals next.</summary>
/// <param name="After">Minutes after the beginning, as a proposal: the leader decides.</param>
public sealed record Beat(int After, BeatKind Kind, string Text);

/// <summary>The script of an exercise.</summary>
/// <param name="Key">Names it in the store.</param>
/// <param name="Aim">What the team learns, for the leader.</param>
public sealed record Scenario(string Key, string Title, Severity Severity, string Aim, IReadOnlyList<Beat> Beats)
{
    /// <summary>From the incident management guide: its runbook, and its table of common fixes.</summary>
    public static readonly IReadOnlyList<Scenario> All =
    [
        new(
            "database-pool",
            "Database pool exhausted",
            Severity.Sev2,
            "Follow the runbook for database connection errors, and tell customers before the cause is known.",
            [
                new(0, BeatKind.Alert, "High error rate: 7% of API requests answer 500, for 5 minutes."),
                new(3, BeatKind.Hint, "The log of the API says: timeout while waiting for a free database connection."),
                new(6, BeatKind.Question, "Who leads, who writes to customers, who takes notes?"),
                new(8, BeatKind.Hint, "pg_stat_activity shows 100 of 100 connections; 60 of them run one report since 20 minutes."),
                new(12, BeatKind.Hint, "Support asks what to tell customers. Twelve of them wrote within ten minutes."),
                new(18, BeatKind.Hint, "The report belongs to a job that finance started by hand. It can be stopped."),
                new(25, BeatKind.Hint, "After the report was stopped, the error rate falls to 0.1%."),
                new(30, BeatKind.Question, "How long do you watch before you resolve it? What would have told you sooner?"),
            ]
        ),
        new(
            "bad-deploy",
            "Bad deploy",
            Severity.Sev2,
            "Find the recent change first, and roll back before the cause is understood.",
            [
                new(0, BeatKind.Alert, "High latency: p99 of the checkout is above 2 s for 10 minutes."),
                new(4, BeatKind.Hint, "Graphs of the database and the network look as always."),
                new(7, BeatKind.Hint, "A deploy of the checkout ended one minute before the latency rose."),
                new(10, BeatKind.Question, "Do you roll back now, or look for the cause first? Who decides?"),
                new(14, BeatKind.Hint, "The rollback waits: a migration of the same deploy renamed a column."),
                new(20, BeatKind.Hint, "The developer says that the old version can read the new column, too."),
                new(26, BeatKind.Hint, "After the rollback, p99 is back at 300 ms."),
                new(30, BeatKind.Question, "When did you last practise a rollback? What made this one slow?"),
            ]
        ),
        new(
            "memory-leak",
            "Memory leak",
            Severity.Sev3,
            "Keep a promise while a quick fix only buys time.",
            [
                new(0, BeatKind.Alert, "Saturation: memory of the image service is at 92% and rises by 1% each minute."),
                new(5, BeatKind.Hint, "Some uploads fail. Their number is small, and grows."),
                new(9, BeatKind.Hint, "A restart of one pod frees its memory at once."),
                new(13, BeatKind.Question, "What do you tell customers of a fix that will not last?"),
                new(20, BeatKind.Hint, "The restarted pod is at 60% again."),
                new(28, BeatKind.Hint, "A profile shows thumbnails that are never released, since a version of last week."),
                new(35, BeatKind.Hint, "A restart every half hour keeps it alive. The fix comes tomorrow."),
                new(40, BeatKind.Question, "Is this resolved? What is promised, and to whom does the next shift hand over?"),
            ]
        ),
        new(
            "provider",
            "External provider down",
            Severity.Sev2,
            "Speak for something that you cannot mend, and fail over.",
            [
                new(0, BeatKind.Alert, "Errors: 40% of card payments are declined with 'processor unavailable'."),
                new(4, BeatKind.Hint, "The status page of the payment provider says: all systems operational."),
                new(8, BeatKind.Hint, "Two other companies complain about the provider on social media."),
                new(11, BeatKind.Question, "Do you name the provider in your update?"),
                new(16, BeatKind.Hint, "The provider's status page says: investigating."),
                new(20, BeatKind.Hint, "The second provider could take card payments. Nobody has tried the switch for a year."),
                new(28, BeatKind.Hint, "After the switch, 98% of payments succeed. American Express does not."),
                new(34, BeatKind.Question, "When do you switch back, and who decides?"),
            ]
        ),
        new(
            "full-outage",
            "Everything is down",
            Severity.Sev1,
            "Answer at once, split the roles, and keep a cadence of 15 minutes.",
            [
                new(0, BeatKind.Alert, "Availability: no region answers. All users are affected."),
                new(1, BeatKind.Alert, "Synthetic checks: sign-in, API and website fail from everywhere."),
                new(3, BeatKind.Question, "Has the first update gone out? A SEV1 asks for a response at once."),
                new(5, BeatKind.Hint, "The chief executive asks in the incident channel what is going on, and when it is over."),
                new(9, BeatKind.Hint, "The name of the domain does not resolve. It was renewed last week, by another department."),
                new(13, BeatKind.Hint, "The registrar's desk needs a second factor. It is in the pocket of somebody on a plane."),
                new(17, BeatKind.Question, "The next update is due. What do you say when there is nothing new?"),
                new(22, BeatKind.Hint, "The registrar's support accepts another proof. The name servers are set again."),
                new(30, BeatKind.Hint, "Half of the visitors get through. Caches of resolvers need up to an hour more."),
                new(36, BeatKind.Question, "Monitoring or resolved? Who writes the postmortem, and what is its first action?"),
            ]
        ),
    ];

    public static Scenario? Find(string? key) => All.FirstOrDefault(scenario => scenario.Key == key);
}
