using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Incidents;

/// <summary>From a request to a post, by whichever way in.</summary>
public sealed class UpdateRulesTests
{
    private static readonly DateTimeOffset Later = An.Instant.AddMinutes(10);
    private static readonly IReadOnlyList<SeverityRule> Rules = [.. Severities.All.Select(severity => SeverityRule.Default(An.PageId, severity))];

    private readonly Component _api = A.Component();
    private readonly Component _web = A.Component("Web");

    private Incident Opened(Severity? severity = Severity.Sev2, params (Component Component, ComponentStatus Status)[] states) =>
        An.Incident(severity: severity, draft: An.Update(components: states), components: [_api, _web]);

    private readonly List<ManualStatus> _manual = [];

    private ComponentStates StatesWith(Incident? incident) => A.States([_api, _web], _manual, incident is null ? [] : [incident]);

    private UpdatePlan Plan(Incident? incident, UpdateRequest asked, Approval? approval = null, IReadOnlyList<SeverityRule>? rules = null) =>
        UpdateRules.Plan(incident, asked, rules ?? Rules, StatesWith(incident), approval ?? Approval.Given, Later);

    private void Publish(Incident incident, UpdateRequest asked) => Plan(incident, asked).Publish(An.PageId, incident, StatesWith(incident), "ann", Later);

    private Incident Publish(UpdatePlan plan) => plan.Publish(An.PageId, null, StatesWith(null), "ann", Later).Incident;

    private static Dictionary<ComponentId, ComponentStatus?> States(params (Component Component, ComponentStatus? Status)[] states) =>
        states.ToDictionary(state => state.Component.Id, state => state.Status);

    [Fact]
    public void What_is_not_said_stays_and_the_promise_follows_the_cadence()
    {
        var update = Plan(Opened(), new() { Body = "Still looking." }).Update!;
        Assert.Equal(
            (Phase.Investigating, "~15% of requests failing", "Working on identifying root cause"),
            (update.Phase, update.ImpactSummary, update.TeamStatus)
        );
        Assert.Null(update.NextUpdateBy);
        Assert.Equal(TimeSpan.FromMinutes(30), update.Cadence);
    }

    [Fact]
    public void The_end_starts_without_what_merely_repeats_the_update_before_it()
    {
        var incident = Opened();
        var repeated = Plan(
            incident,
            new()
            {
                Phase = Phase.Resolved,
                Body = "Over.",
                ImpactSummary = "~15% of requests failing",
                TeamStatus = "Working on identifying root cause",
            }
        ).Update!;
        Assert.Equal((null, null), (repeated.ImpactSummary, repeated.TeamStatus));
        Assert.Equal(
            "12 orders were lost",
            Plan(
                incident,
                new()
                {
                    Phase = Phase.Resolved,
                    Body = "Over.",
                    ImpactSummary = "12 orders were lost",
                }
            ).Update!.ImpactSummary
        );
    }

    [Fact]
    public void The_end_brings_back_what_nothing_else_is_said_of()
    {
        var incident = Opened(states: [(_api, ComponentStatus.MajorOutage), (_web, ComponentStatus.PartialOutage)]);
        var plan = Plan(incident, new() { Phase = Phase.Resolved, Components = States((_web, ComponentStatus.DegradedPerformance)) });
        Assert.Equal([_api.Id], plan.Restored);
        Assert.Equal(
            (ComponentStatus.Operational, ComponentStatus.DegradedPerformance),
            (plan.Update!.Components[_api.Id], plan.Update.Components[_web.Id])
        );
        Assert.Empty(Plan(incident, new() { Phase = Phase.Resolved, Restores = false }).Update!.Components);
        Assert.Empty(Plan(incident, new() { Body = "Still." }).Restored);
    }

    [Fact]
    public void An_archived_component_is_left_out_with_a_note_and_an_unknown_one_is_refused()
    {
        var incident = Opened(states: (_api, ComponentStatus.MajorOutage));
        _api.Archive(Later);
        var plan = Plan(incident, new() { Phase = Phase.Resolved, Components = States((_api, ComponentStatus.Operational)) });
        Assert.Contains("'API' is archived", Assert.Single(plan.Notes).ToString(), StringComparison.Ordinal);
        Assert.Empty(plan.Update!.Components);
        Assert.Throws<RuleViolation>(() => Plan(incident, new() { Touches = [ComponentId.New()] }));
    }

    [Fact]
    public void A_component_that_is_only_named_says_nothing_of_its_state()
    {
        var incident = Opened();
        _manual.Add(_api.Set(ComponentStatus.MajorOutage, Later));
        Publish(incident, new() { Touches = [_api.Id] });
        Assert.False(Assert.Single(incident.Latest.Affected).SaysState);
        Assert.Equal((null, Impact.None), (incident.LastSaidOf(_api.Id), incident.Impact));
        Assert.True(Plan(incident, new() { Touches = [_api.Id] }).IsNothing);
    }

    [Fact]
    public void A_state_is_news_where_the_incident_did_not_say_it_or_somebody_set_a_better_one()
    {
        var incident = Opened(states: (_api, ComponentStatus.MajorOutage));
        var again = new UpdateRequest { Components = States((_api, ComponentStatus.MajorOutage)) };
        Assert.True(Plan(incident, again).IsNothing);
        Assert.NotNull(Plan(incident, new() { Components = States((_api, ComponentStatus.PartialOutage)) }).Update);
        _manual.Add(_api.Set(ComponentStatus.Operational, Later));
        Assert.NotNull(Plan(incident, again).Update);
    }

    [Fact]
    public void The_impact_is_that_of_the_components_else_of_the_severity_else_by_hand()
    {
        Impact Of(UpdatePlan plan) => Publish(plan).Impact;
        Assert.Equal(Impact.Critical, Of(Plan(null, new() { Title = "x", Severity = (Severity?)Severity.Sev1 })));
        Assert.Equal(
            Impact.Minor,
            Of(
                Plan(
                    null,
                    new()
                    {
                        Title = "x",
                        Severity = (Severity?)Severity.Sev1,
                        Components = States((_api, ComponentStatus.DegradedPerformance)),
                    }
                )
            )
        );
        Assert.Equal(
            Impact.None,
            Of(
                Plan(
                    null,
                    new()
                    {
                        Title = "x",
                        Severity = (Severity?)Severity.Sev1,
                        ImpactOverride = (Impact?)Impact.None,
                    }
                )
            )
        );
        Assert.Equal(Impact.None, Of(Plan(null, new() { Title = "x" })));
    }

    [Fact]
    public void An_impact_that_was_withdrawn_counts_no_more()
    {
        var incident = Opened(states: (_api, ComponentStatus.DegradedPerformance));
        Publish(incident, new() { Body = "All is lost.", Components = States((_api, ComponentStatus.MajorOutage)) });
        Assert.Equal(Impact.Critical, incident.ComputedImpact);
        incident.Withdraw(incident.Latest.Id, "Wrong.", Later);
        Assert.Equal(Impact.Minor, incident.ComputedImpact);
    }

    [Fact]
    public void On_an_incident_that_is_over_words_alone_are_added_and_nothing_is_called_broken()
    {
        var incident = Opened(states: (_api, ComponentStatus.MajorOutage));
        Publish(incident, new() { Phase = Phase.Resolved, Body = "Over." });
        var end = incident.ResolvedAt;
        Publish(incident, new() { Body = "It was a full disk." });
        Assert.Equal((Phase.Resolved, end, 3), (incident.Phase, incident.ResolvedAt, incident.Updates.Count));
        Assert.True(Plan(incident, new() { Body = "It was a full disk." }).IsNothing);
        Assert.Throws<RuleViolation>(() => Plan(incident, new() { Components = States((_api, ComponentStatus.MajorOutage)) }));
        Publish(incident, new() { Phase = Phase.Investigating, Body = "It is back." });
        Assert.Null(incident.ResolvedAt);
    }

    [Fact]
    public void Nothing_that_a_template_left_open_is_published()
    {
        Assert.Equal(nameof(UpdateRequest.Body), Assert.Throws<RuleViolation>(() => Plan(Opened(), new() { Body = "In {{region}}." })).Field);
        var incident = Opened();
        Assert.Throws<RuleViolation>(() => incident.Correct(incident.Latest.Id, "In {{region}}.", null, null, [], Later));
    }

    [Theory]
    [InlineData(null, Severity.Sev1, true)]
    [InlineData(Severity.Sev2, Severity.Sev1, true)]
    [InlineData(Severity.Sev1, Severity.Sev3, true)]
    [InlineData(Severity.Sev1, Severity.Sev1, true)]
    [InlineData(Severity.Sev2, Severity.Sev3, false)]
    public void The_severity_before_and_after_decide_who_must_look_twice(Severity? before, Severity after, bool needed)
    {
        var strict = Severities
            .All.Select(severity =>
            {
                var rule = SeverityRule.Default(An.PageId, severity);
                rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: severity == Severity.Sev1);
                return rule;
            })
            .ToList();
        var incident = before is null ? null : Opened(before);
        var asked = new UpdateRequest
        {
            Title = "x",
            Body = "y",
            Severity = (Severity?)after,
        };
        if (needed)
            Assert.Contains(
                "SEV1 needs two pairs of eyes",
                Assert.Throws<RuleViolation>(() => Plan(incident, asked, Approval.OfKey, strict)).Message,
                StringComparison.Ordinal
            );
        else
            Assert.NotNull(Plan(incident, asked, Approval.OfKey, strict).Update);
        Assert.NotNull(Plan(incident, asked, Approval.Given, strict).Update);
    }

    [Fact]
    public void A_beginning_is_in_the_past_within_bounds_and_not_after_the_first_update()
    {
        Incident Open(DateTimeOffset at) => Publish(Plan(null, new() { Title = "x", StartedAt = at }));
        Assert.Equal(Later.AddHours(-3), Open(Later.AddHours(-3)).StartedAt);
        Assert.Throws<RuleViolation>(() => Open(Later.AddMinutes(1)));
        Assert.Throws<RuleViolation>(() => Open(new(1999, 12, 31, 0, 0, 0, TimeSpan.Zero)));
        Assert.Throws<RuleViolation>(() => Open(DateTimeOffset.MinValue));
        var incident = Opened();
        Publish(incident, new() { StartedAt = An.Instant.AddHours(-1) });
        Assert.Equal((An.Instant.AddHours(-1), 1), (incident.StartedAt, incident.Updates.Count));
        Assert.Throws<RuleViolation>(() => Publish(incident, new() { StartedAt = An.Instant.AddMinutes(1) }));
    }

    [Fact]
    public void What_is_backfilled_is_over_silent_marked_and_changes_nothing_now()
    {
        var from = An.Instant.AddDays(-10);
        var incident = Publish(
            Plan(
                null,
                new()
                {
                    Title = "x",
                    Phase = Phase.Investigating,
                    IsBackfilled = true,
                    StartedAt = from,
                    EndedAt = from.AddHours(2),
                    Components = States((_api, ComponentStatus.MajorOutage)),
                }
            )
        );
        Assert.Equal(
            (Phase.Resolved, from, from.AddHours(2), Later),
            (incident.Phase, incident.StartedAt, incident.ResolvedAt!.Value, incident.BackfilledAt!.Value)
        );
        Assert.Equal(
            (false, ComponentStatus.Operational, Impact.Critical),
            (incident.Latest.Notifies, StatesWith(incident).Own(_api.Id), incident.Impact)
        );
        // It counts only for its time.
        var states = StatesWith(incident).Spans(_api.Id, from.AddHours(-1), Later).Select(span => (span.Status, span.From));
        Assert.Equal(
            [(ComponentStatus.Operational, from.AddHours(-1)), (ComponentStatus.MajorOutage, from), (ComponentStatus.Operational, from.AddHours(2))],
            states
        );
        Assert.Throws<RuleViolation>(() => Publish(incident, new() { Phase = Phase.Investigating, Body = "Again." }));
        Publish(incident, new() { Body = "A word." });
        Assert.Equal((false, from.AddHours(2)), (incident.Latest.Notifies, incident.ResolvedAt.Value));
        foreach (var end in new[] { from.AddMinutes(-1), Later.AddMinutes(1) })
            Assert.Throws<RuleViolation>(() =>
                Publish(
                    Plan(
                        null,
                        new()
                        {
                            Title = "x",
                            IsBackfilled = true,
                            StartedAt = from,
                            EndedAt = end,
                        }
                    )
                )
            );
    }

    [Fact]
    public void A_withdrawn_incident_takes_nothing_more()
    {
        var incident = Opened();
        incident.WithdrawAll("An exercise.", "ann", Later);
        Assert.True(Plan(incident, new() { Phase = Phase.Resolved }).IsNothing);
        foreach (
            var asked in new UpdateRequest[]
            {
                new() { Body = "x" },
                new() { Phase = Phase.Identified },
                new() { Title = "Another" },
            }
        )
            Assert.Contains("was withdrawn", Assert.Throws<RuleViolation>(() => Publish(incident, asked)).Message, StringComparison.Ordinal);
        Assert.Equal("Withdrawn", incident.LabelOf(incident.Latest));
    }

    /// <summary>A request that is repeated at once changes nothing: no update, no new version.</summary>
    [Fact]
    public void What_is_asked_for_twice_without_new_words_happens_once()
    {
        Gen.Int[0, 999]
            .Array[11]
            .List[1, 6]
            .Sample(all =>
            {
                var (first, second) = (A.Component(), A.Component("Web"));
                Component[] components = [first, second];
                var incident = An.Incident(draft: An.Update(components: (first, ComponentStatus.PartialOutage)), components: components);
                var now = An.Instant;
                foreach (var chance in all)
                {
                    now = now.AddMinutes(1);
                    var phase = Of<Phase?>(chance[0], null, Phase.Investigating, Phase.Identified, Phase.Monitoring, Phase.Resolved);
                    var isOver = (phase ?? incident.Phase).IsOver();
                    var states = new Dictionary<ComponentId, ComponentStatus?>();
                    foreach (var (component, n) in new[] { (first, chance[1]), (second, chance[2]) })
                    {
                        var state = Of<ComponentStatus?>(
                            n,
                            null,
                            ComponentStatus.Operational,
                            ComponentStatus.DegradedPerformance,
                            ComponentStatus.MajorOutage
                        );
                        // An incident that is over has no broken components.
                        if (state is not null && (!isOver || state == ComponentStatus.Operational))
                            states[component.Id] = state;
                    }
                    var request = new UpdateRequest
                    {
                        Phase = phase,
                        Components = states,
                        Touches = chance[3] % 2 == 0 ? [second.Id] : [],
                        NextUpdateBy = chance[4] % 2 == 0 && !isOver ? An.Instant.AddHours(5) : null,
                        Title = Of(chance[5], null, "", "Errors", " Errors "),
                        Severity = Of<Said<Severity?>>(chance[6], default, (Severity?)null, (Severity?)Severity.Sev1, (Severity?)Severity.Sev3),
                        ImpactOverride = Of<Said<Impact?>>(chance[7], default, (Impact?)null, (Impact?)Impact.Major),
                        ImpactSummary =
                            chance[8] % 3 == 0 ? default(Said<string?>) : Of(chance[9], null, "", " ", "Half of requests", "~15% of requests failing"),
                        TeamStatus = chance[8] % 4 == 0 ? default(Said<string?>) : Of(chance[10], null, "Looking ", "Working on identifying root cause"),
                    };
                    UpdateRules.Plan(incident, request, Rules, Now(), Approval.Given, now).Publish(An.PageId, incident, Now(), "ann", now);
                    var (version, updates) = (incident.Version, incident.Updates.Count);
                    var again = UpdateRules.Plan(incident, request, Rules, Now(), Approval.Given, now);
                    if (!again.IsNothing)
                        return false;
                    again.Publish(An.PageId, incident, Now(), "ann", now);
                    if ((version, updates) != (incident.Version, incident.Updates.Count))
                        return false;
                }
                return true;

                ComponentStates Now() => A.States(components, incidents: [incident]);
            });

        static T Of<T>(int chance, params T[] values) => values[chance % values.Length];
    }
}
