using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>
/// The one place where an update is made: from what was asked for to what is posted, by every road. What is carried forward, the default texts,
/// the end that brings components back, the impact and the second pair of eyes are all decided here.
/// </summary>
public static class UpdateRules
{
    /// <param name="incident">Null for one that is to be opened.</param>
    /// <param name="rules">The page's, of every severity.</param>
    /// <param name="components">Of the page, the archived ones too, with their states.</param>
    /// <exception cref="RuleViolation">It cannot be published as it is asked for.</exception>
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

    /// <summary>The update whose facts the next one starts from: the newest that stands, of what the public was told.</summary>
    public static IncidentUpdate CarriedFrom(Incident incident) =>
        incident.Updates.LastOrDefault(update => update is { IsPublic: true, WithdrawnAt: null }) ?? incident.Standing;

    /// <summary>Null when nothing of the incident itself changes.</summary>
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

    /// <summary>Null when there is nothing to tell.</summary>
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
            // On an incident that is over, the same words again are somebody who sends twice; on one that goes on, they are a sign of life.
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

    /// <summary>What the end says of its own: what merely repeats the last word before it tells of a trouble that is over, and counts as not said.</summary>
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

    /// <summary>For whoever sends no words: where the incident stands is the news.</summary>
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
