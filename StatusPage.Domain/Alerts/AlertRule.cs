using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Alerts;

public enum AlertAction
{
    Ignore = 0,

    /// <summary>A line in the internal timeline of an open incident that is about the same components.</summary>
    Note = 1,
    Draft = 2,

    /// <summary>A draft that is published by itself after a delay, in which a person can stop it.</summary>
    Publish = 3,
}

/// <param name="Status">Null: the one that the severity proposes.</param>
public sealed record AlertComponent(ComponentId Id, ComponentStatus? Status);

/// <summary>What becomes of alerts that fulfil some conditions. The first rule that matches decides.</summary>
public sealed class AlertRule
{
    public const int MaxNameLength = 100;
    public const int MaxConditions = 20;
    public const int MaxTimes = 1_000;

    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(24);
    public static readonly TimeSpan ShortestDelay = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestGuard = TimeSpan.FromDays(7);

    private AlertRule() { }

    public AlertRuleId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Rules are asked in this order.</summary>
    public int Position { get; private set; }
    public bool IsOn { get; private set; } = true;

    /// <summary>Null: any source.</summary>
    public AlertSourceId? SourceId { get; private set; }
    public IReadOnlyList<AlertCondition> Conditions { get; private set; } = [];

    /// <summary>How long an alert must fire before anything is done; zero: at once.</summary>
    public TimeSpan HoldsFor { get; private set; }

    /// <summary>How many alerts must fire within <see cref="Within"/> before anything is done; 1: the first is enough.</summary>
    public int AtLeast { get; private set; } = 1;
    public TimeSpan Within { get; private set; }
    public AlertAction Action { get; private set; } = AlertAction.Draft;

    /// <summary>From the draft until it is published by itself.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>The rule publishes once in this time at most.</summary>
    public TimeSpan Guard { get; private set; }

    /// <summary>An alert about a component of an open case joins that case, if the case is no older; zero: never.</summary>
    public TimeSpan JoinsWithin { get; private set; }
    public IReadOnlyList<AlertComponent> Components { get; private set; } = [];

    /// <summary>Null: what the alert itself suggests.</summary>
    public Severity? Severity { get; private set; }
    public TemplateId? TemplateId { get; private set; }

    /// <summary>Null: the public.</summary>
    public AudienceId? AudienceId { get; private set; }

    /// <summary>Whether "monitoring" is posted by itself once the alerts of a published incident have resolved.</summary>
    public bool PostsMonitoring { get; private set; }

    /// <summary>PromQL of the chart that the writer sees; null: the expression in the alert's own link.</summary>
    public string? ChartQuery { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public string Subject => $"{Id} {Name}";

    public static AlertRule Create(PageId page, int position, DateTimeOffset now) =>
        new()
        {
            Id = AlertRuleId.New(),
            PageId = page,
            Position = position,
            CreatedAt = now,
        };

    /// <exception cref="RuleViolation">A time or number is out of bounds.</exception>
    public AlertRule Write(string? name, bool isOn, AlertSourceId? source, IReadOnlyList<AlertCondition> conditions, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => Text.Line(name, nameof(Name), "a name", MaxNameLength));
        checks.Refuse(conditions.Count > MaxConditions, $"A rule has {MaxConditions} conditions at most.", nameof(Conditions));
        checks.Enforce();
        (IsOn, SourceId, Conditions, UpdatedAt) = (isOn, source, conditions, now);
        return this;
    }

    public AlertRule Wait(TimeSpan holdsFor, int atLeast, TimeSpan within)
    {
        var checks = new Checks();
        checks.Refuse(holdsFor < TimeSpan.Zero || holdsFor > LongestHold, "Choose between 0 minutes and 24 hours.", nameof(HoldsFor));
        checks.Refuse(atLeast is < 1 or > MaxTimes, $"Choose between 1 and {MaxTimes:N0}.", nameof(AtLeast));
        checks.Refuse(atLeast > 1 && (within <= TimeSpan.Zero || within > LongestHold), "Say within how many minutes, 24 hours at most.", nameof(Within));
        checks.Enforce();
        (HoldsFor, AtLeast, Within) = (holdsFor, atLeast, atLeast > 1 ? within : TimeSpan.Zero);
        return this;
    }

    public AlertRule Do(AlertAction action, TimeSpan delay, TimeSpan guard, TimeSpan joinsWithin)
    {
        var publishes = action == AlertAction.Publish;
        var checks = new Checks();
        checks.Refuse(
            publishes && (delay < ShortestDelay || delay > LongestDelay),
            "Choose between 1 and 60 minutes, in which a person can stop it.",
            nameof(Delay)
        );
        checks.Refuse(publishes && (guard < delay || guard > LongestGuard), "Choose a time no shorter than the delay, and 7 days at most.", nameof(Guard));
        checks.Refuse(joinsWithin < TimeSpan.Zero || joinsWithin > LongestHold, "Choose between 0 minutes and 24 hours.", nameof(JoinsWithin));
        checks.Enforce();
        (Action, Delay, Guard, JoinsWithin) = (action, publishes ? delay : TimeSpan.Zero, publishes ? guard : TimeSpan.Zero, joinsWithin);
        return this;
    }

    public AlertRule Say(IReadOnlyList<AlertComponent> components, Severity? severity, TemplateId? template, AudienceId? audience, bool postsMonitoring)
    {
        if (Action == AlertAction.Note && components.Count == 0)
            throw new RuleViolation("Choose the components whose incident gets the note.", nameof(Components));
        (Components, Severity, TemplateId, AudienceId, PostsMonitoring) = (components, severity, template, audience, postsMonitoring);
        return this;
    }

    /// <exception cref="RuleViolation">The query is too long.</exception>
    public AlertRule Draw(string? query)
    {
        ChartQuery = Text.OptionalLine(query, nameof(ChartQuery), "the query", AlertChart.MaxQueryLength);
        return this;
    }

    public void MoveTo(int position) => Position = position;

    public bool Matches(AlertSource source, AlertEvent alert) =>
        IsOn && (SourceId is null || SourceId == source.Id) && Conditions.All(condition => condition.Holds(alert));

    /// <summary>The first rule that matches; null: the alert becomes a draft, as if a rule without wishes matched.</summary>
    public static AlertRule? First(IEnumerable<AlertRule> rules, AlertSource source, AlertEvent alert) =>
        InOrder(rules).FirstOrDefault(rule => rule.Matches(source, alert));

    /// <summary>As they are asked. Two that were added at the same moment have one order all the same.</summary>
    public static IEnumerable<AlertRule> InOrder(IEnumerable<AlertRule> rules) =>
        rules.OrderBy(rule => rule.Position).ThenBy(rule => rule.Id.Value, StringComparer.Ordinal);
}
