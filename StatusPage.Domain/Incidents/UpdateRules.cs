using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>
/// The only place where an update is made, from the request to what is posted, for every way in. It decides what is carried forward, the default texts,
/// the restoring of components at the end, the impact and the second pair of eyes.
/// </summary>
public static class UpdateRules
{
    /// <param name="incident">Null when it is to be opened.</param>
    /// <param name="rules">The page's rules for every severity.</param>
    /// <param name="components">The page's components with their states, including the archived ones.</param>
    /// <exception cref="RuleViolation">It cannot be published as requested.</exception>
    public static UpdatePlan Plan(
        Incident? incident,
        UpdateRequest asked,
        IReadOnlyList<SeverityRule> rules,
        ComponentStates components,
        Approval approval,
        DateTimeOffset now
    )
    {
        IncidentRules.RefuseUnfilled([
            (nameof(asked.Title), asked.Title),
            (nameof(asked.Body), asked.Body),
            (nameof(asked.ImpactSummary), asked.ImpactSummary.Value),
            (nameof(asked.TeamStatus), asked.TeamStatus.Value),
            .. asked.Wordings.Select(wording => (nameof(asked.Wordings), (string?)wording.Body)),
            .. asked.Translations.Select(words => (nameof(asked.Translations), (string?)words.Body)),
        ]);
        var severity = asked.Severity.Or(incident?.Severity);
        var rule = rules.FirstOrDefault(rule => rule.Severity == severity);
        var spoken = SpokenComponents.Of(incident, asked, rule, components);
        var plan = new UpdatePlan(Describe(incident, asked, severity, rule), Update(incident, asked, rule, spoken), spoken.Restored, spoken.Notes);
        if (!plan.IsNothing)
            IncidentRules.RefuseWithoutApproval(rules, incident?.Severity, severity, approval);
        return plan;
    }

    /// <summary>Checks what a person wrote, field by field, so that all faults are told at once. A program may leave the words to us, a person not.</summary>
    public static void CheckWords(bool opens, string? title, string? body, string? impact, string? team) =>
        Checks.All(
            () => Field(nameof(UpdateRequest.Title), title, text => _ = opens ? Text.Line(text, "Title", "a title", Incident.MaxTitleLength) : text),
            () => Field(nameof(UpdateRequest.Body), body, text => UpdateContent.CheckedBody(text)),
            () => Field(nameof(UpdateRequest.ImpactSummary), impact, text => UpdateContent.CheckedImpact(text)),
            () => Field(nameof(UpdateRequest.TeamStatus), team, text => UpdateContent.CheckedTeam(text))
        );

    private static void Field(string name, string? text, Action<string?> check)
    {
        IncidentRules.RefuseUnfilled([(name, text)]);
        check(text);
    }

    /// <summary>Carries a plan out.</summary>
    /// <param name="incident">Null: it is opened.</param>
    /// <returns>The incident, and what was posted; null when nothing was.</returns>
    public static (Incident Incident, IncidentUpdate? Posted) Publish(
        this UpdatePlan plan,
        PageId page,
        Incident? incident,
        ComponentStates components,
        string author,
        DateTimeOffset now
    )
    {
        if (incident is null)
        {
            var described = plan.Description!;
            var opened = Incident.Open(page, described.Title, described.Severity, described.ImpactOverride, plan.Update!, components, author, now);
            return (opened, opened.Latest);
        }
        if (plan.Description is { } description)
            incident.Describe(description, now);
        if (plan.Update is not { } update)
            return (incident, null);
        return (
            incident,
            incident.Phase.IsOver() && !update.Phase.IsOver()
                ? incident.Reopen(update, components, author, now)
                : incident.Post(update, components, author, now)
        );
    }

    /// <summary>The update whose facts the next one starts from: the newest public one that stands.</summary>
    public static IncidentUpdate CarriedFrom(Incident incident) =>
        incident.Updates.LastOrDefault(update => update is { IsPublic: true, WithdrawnAt: null }) ?? incident.Standing;

    /// <summary>Null when nothing changes in the incident itself.</summary>
    private static IncidentDescription? Describe(Incident? incident, UpdateRequest asked, Severity? severity, SeverityRule? rule)
    {
        var title = string.IsNullOrWhiteSpace(asked.Title) ? incident?.Title : asked.Title.Trim();
        var impact = asked.ImpactOverride.Or(incident?.ImpactOverride);
        var proposed = rule?.ProposedImpact ?? Impact.None;
        if (incident is null)
            return new(title, severity, impact, proposed, asked.StartedAt);
        if (asked.IsBackfilled && !incident.IsBackfilled)
            throw new RuleViolation("Only a new incident can be added as a record of what is over.", nameof(asked.IsBackfilled));
        var startedAt = asked.StartedAt is { } start && !IsSame(start, incident.StartedAt) ? asked.StartedAt : null;
        if (startedAt is null && (title, severity, impact) == (incident.Title, incident.Severity, incident.ImpactOverride))
            return null;
        return new(title, severity, impact, severity == incident.Severity ? incident.ProposedImpact : proposed, startedAt);
    }

    /// <summary>Null when there is nothing to post.</summary>
    private static UpdateContent? Update(Incident? incident, UpdateRequest asked, SeverityRule? rule, SpokenComponents spoken)
    {
        var phase = asked.IsBackfilled ? Phase.Resolved : asked.Phase ?? incident?.Phase ?? Phase.Investigating;
        var before = incident is null ? null : CarriedFrom(incident);
        var body = string.IsNullOrWhiteSpace(asked.Body) ? null : asked.Body;
        var (impact, team) = (
            OwnOf(asked.ImpactSummary, incident, phase, update => update.ImpactSummary),
            OwnOf(asked.TeamStatus, incident, phase, update => update.TeamStatus)
        );
        var ends = phase.IsOver() && incident?.Phase.IsOver() != true;
        if (incident is not null)
        {
            var isNews =
                phase != incident.Phase
                || spoken.IsNews
                || Differs(impact, before!.ImpactSummary)
                || Differs(team, before.TeamStatus)
                || (asked.NextUpdateBy is { } by && !(incident.NextUpdateBy is { } promised && IsSame(by, promised)));
            // If the incident is over, the same text again means that somebody sent twice; if it goes on, it is a sign of life.
            if (!isNews && (body is null || (phase.IsOver() && body.ReplaceLineEndings("\n").Trim() == before!.Body)))
                return null;
        }
        return new()
        {
            Phase = phase,
            Body = body ?? TextFor(incident, phase),
            ImpactSummary = impact.Or(ends ? null : before?.ImpactSummary),
            TeamStatus = team.Or(ends ? null : before?.TeamStatus),
            NextUpdateBy = asked.NextUpdateBy,
            Cadence = rule?.Cadence,
            Notifies = asked.Notifies,
            Channels = asked.Channels,
            IsPublic = asked.IsPublic,
            AudienceIds = asked.AudienceIds,
            Wordings = asked.Wordings,
            Translations = asked.Translations,
            DraftedBy = asked.DraftedBy,
            ApprovedBy = asked.ApprovedBy,
            Components = spoken.States,
            Touches = spoken.Touched,
            StartedAt = incident is null ? asked.StartedAt : null,
            EndedAt = asked.EndedAt,
            IsBackfilled = asked.IsBackfilled && incident is null,
            ProposedImpact = rule?.ProposedImpact ?? Impact.None,
        };
    }

    /// <summary>
    /// For a closing update, drops a fact that merely repeats the last update before the end: it describes trouble that is over, so it counts as not
    /// given.
    /// </summary>
    private static Said<string?> OwnOf(Said<string?> said, Incident? incident, Phase phase, Func<IncidentUpdate, string?> fact)
    {
        if (
            !phase.IsOver()
            || incident?.StandingUpdates.LastOrDefault(update => update.IsPublic == incident.IsPublic && !update.Phase.IsOver()) is not { } open
        )
            return said;
        return Differs(said, fact(open)) ? said : default;
    }

    private static bool Differs(Said<string?> said, string? before) =>
        said.IsSaid && (string.IsNullOrWhiteSpace(said.Value) ? null : said.Value.Trim()) != before;

    /// <summary>To the millisecond, as instants are kept.</summary>
    private static bool IsSame(DateTimeOffset one, DateTimeOffset other) => one.ToUnixTimeMilliseconds() == other.ToUnixTimeMilliseconds();

    /// <summary>The text for a request without one: it says where the incident stands.</summary>
    private static string TextFor(Incident? incident, Phase phase) =>
        incident is null
            ? phase switch
            {
                Phase.Identified => "The cause of this incident is known, and we are working on it.",
                Phase.Monitoring => "A fix is in place, and we are watching it.",
                Phase.Resolved => "This incident is over.",
                _ => "We are investigating this incident.",
            }
        : phase == incident.Phase ? "The details of this incident were updated."
        : $"This incident is now {phase.Label().ToLowerInvariant()}.";
}
