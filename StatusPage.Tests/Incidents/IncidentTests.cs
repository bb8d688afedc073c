using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Incidents;

public sealed class IncidentTests
{
    private static readonly DateTimeOffset Later = An.Instant.AddMinutes(10);

    [Fact]
    public void Opening_an_incident_posts_its_first_update()
    {
        var incident = An.Incident();
        var update = Assert.Single(incident.Updates);
        Assert.Equal(1, update.Number);
        Assert.Equal(Phase.Investigating, incident.Phase);
        Assert.Equal("~15% of requests failing", update.ImpactSummary);
        Assert.Equal("Working on identifying root cause", update.TeamStatus);
        Assert.Equal(An.Instant, incident.StartedAt);
        Assert.Equal(An.Instant, update.PostedAt);
        Assert.Equal("ann", update.Author);
    }

    [Fact]
    public void An_id_is_twelve_characters_of_base_36() => Assert.Matches("^[a-z0-9]{12}$", An.Incident().Id.Value);

    [Fact]
    public void Updates_are_numbered_and_the_last_one_sets_the_phase()
    {
        var incident = An.Incident();
        incident.Post(An.Update(Phase.Identified, "Found it."), ComponentStates.Of(), "ben", Later);
        Assert.Equal([1, 2], incident.Updates.Select(update => update.Number));
        Assert.Equal(Phase.Identified, incident.Phase);
        Assert.Equal(Later, incident.UpdatedAt);
        Assert.Equal("Found it.", incident.Latest.Body);
    }

    [Fact]
    public void A_resolved_incident_refuses_updates()
    {
        var violation = Assert.Throws<RuleViolation>(() => An.Incident().Resolved().Post(An.Update(), ComponentStates.Of(), "ann", Later));
        Assert.Contains("already resolved", violation.Message);
        Assert.Contains("Reopen", violation.Message);
    }

    [Fact]
    public void Resolving_notes_the_instant()
    {
        var incident = An.Incident().Resolved(Later);
        Assert.Equal(Later, incident.ResolvedAt);
        Assert.True(incident.Phase.IsOver());
    }

    [Fact]
    public void Monitoring_notes_the_first_instant_only()
    {
        var incident = An.Incident();
        incident.Post(An.Update(Phase.Monitoring), ComponentStates.Of(), "ann", Later);
        incident.Post(An.Update(Phase.Monitoring), ComponentStates.Of(), "ann", Later.AddMinutes(5));
        Assert.Equal(Later, incident.MonitoringAt);
    }

    [Fact]
    public void A_resolved_incident_can_be_reopened_and_then_takes_updates_again()
    {
        var incident = An.Incident().Resolved();
        incident.Reopen(An.Update(Phase.Investigating, "It is back."), ComponentStates.Of(), "ann", Later.AddHours(1));
        Assert.Null(incident.ResolvedAt);
        Assert.Equal(Phase.Investigating, incident.Phase);
        incident.Post(An.Update(Phase.Identified), ComponentStates.Of(), "ann", Later.AddHours(2));
        Assert.Equal(4, incident.Updates.Count);
    }

    [Fact]
    public void An_open_incident_cannot_be_reopened() =>
        Assert.Contains(
            "is not resolved",
            Assert.Throws<RuleViolation>(() => An.Incident().Reopen(An.Update(), ComponentStates.Of(), "ann", Later)).Message
        );

    [Fact]
    public void Reopening_needs_an_open_phase() =>
        Assert.Equal(
            nameof(UpdateContent.Phase),
            Assert.Throws<RuleViolation>(() => An.Incident().Resolved().Reopen(An.Update(Phase.Resolved), ComponentStates.Of(), "ann", Later)).Field
        );

    [Fact]
    public void A_promise_holds_until_the_incident_is_over()
    {
        var promise = An.Instant.AddMinutes(30);
        var incident = An.Incident(draft: An.Update(promise: promise));
        Assert.Equal(promise, incident.NextUpdateBy);
        Assert.Null(incident.Resolved().NextUpdateBy);
    }

    [Fact]
    public void An_update_that_names_no_time_promises_the_next_after_the_cadence_of_its_severity()
    {
        var incident = An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(30)));
        incident.Describe("Trouble", Severity.Sev1, null, Later);
        incident.Post(An.Update(Phase.Identified), ComponentStates.Of(), "ann", Later);
        Assert.Equal(Later.AddMinutes(15), incident.NextUpdateBy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(14 * 24 * 60 + 1)]
    public void A_promise_must_lie_ahead_within_two_weeks(int minutes) =>
        Assert.Equal(
            nameof(UpdateContent.NextUpdateBy),
            Assert.Throws<RuleViolation>(() => An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(minutes)))).Field
        );

    [Fact]
    public void A_resolving_update_cannot_promise_another() =>
        Assert.Contains(
            "needs no next update",
            Assert
                .Throws<RuleViolation>(() => An.Incident().Post(An.Update(Phase.Resolved, promise: Later.AddHours(1)), ComponentStates.Of(), "ann", Later))
                .Message
        );

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n ")]
    public void An_update_needs_a_body(string? body) =>
        Assert.Equal(nameof(UpdateContent.Body), Assert.Throws<RuleViolation>(() => An.Incident(draft: An.Update(body: body!))).Field);

    [Fact]
    public void A_body_of_the_greatest_length_fits_and_one_more_character_does_not()
    {
        Assert.Equal(25_000, An.Incident(draft: An.Update(body: new string('x', 25_000))).Latest.Body.Length);
        Assert.Contains("25,001", Assert.Throws<RuleViolation>(() => An.Incident(draft: An.Update(body: new string('x', 25_001)))).Message);
    }

    [Fact]
    public void A_refused_update_changes_nothing()
    {
        var api = A.Component();
        var incident = An.Incident();
        var version = incident.Version;
        Assert.Throws<RuleViolation>(() =>
            incident.Post(An.Update(body: "", components: (api, ComponentStatus.MajorOutage)), ComponentStates.Of(api), "ann", Later)
        );
        Assert.Equal((version, 1), (incident.Version, incident.Updates.Count));
    }

    [Fact]
    public void An_update_of_an_unknown_component_changes_none_of_the_others()
    {
        var (api, stranger) = (A.Component(), A.Component("Stranger"));
        var incident = An.Incident();
        Assert.Throws<RuleViolation>(() =>
            incident.Post(
                An.Update(components: [(api, ComponentStatus.MajorOutage), (stranger, ComponentStatus.MajorOutage)]),
                ComponentStates.Of(api),
                "ann",
                Later
            )
        );
        Assert.Single(incident.Updates);
    }

    [Fact]
    public void An_update_sets_components_and_says_from_what_to_what()
    {
        var api = A.Component();
        var incident = Incident.Open(
            An.PageId,
            "Down",
            null,
            null,
            An.Update(components: (api, ComponentStatus.PartialOutage)),
            ComponentStates.Of(api),
            "ann",
            An.Instant
        );
        Assert.Equal(ComponentStatus.PartialOutage, A.States([api], incidents: [incident]).Own(api.Id));
        Assert.Equal(
            new AffectedComponent(api.Id, "API", ComponentStatus.Operational, ComponentStatus.PartialOutage),
            Assert.Single(incident.Latest.Affected)
        );
    }

    [Fact]
    public void A_component_named_with_the_state_it_has_is_affected_without_a_change()
    {
        var api = A.Component();
        var incident = Incident.Open(
            An.PageId,
            "Maybe",
            null,
            null,
            An.Update(components: (api, ComponentStatus.Operational)),
            ComponentStates.Of(api),
            "ann",
            An.Instant
        );
        Assert.Single(incident.Latest.Affected);
        Assert.Null(A.States([api], incidents: [incident]).ChangedAt(api.Id));
    }

    [Theory]
    [InlineData(ComponentStatus.Operational, Impact.None)]
    [InlineData(ComponentStatus.UnderMaintenance, Impact.None)]
    [InlineData(ComponentStatus.DegradedPerformance, Impact.Minor)]
    [InlineData(ComponentStatus.PartialOutage, Impact.Major)]
    [InlineData(ComponentStatus.MajorOutage, Impact.Critical)]
    public void Impact_follows_the_worst_component(ComponentStatus worst, Impact impact)
    {
        var (api, web) = (A.Component(), A.Component("Web"));
        Assert.Equal(impact, An.Incident(draft: An.Update(components: [(api, worst), (web, ComponentStatus.Operational)]), components: [api, web]).Impact);
    }

    [Fact]
    public void Impact_remembers_the_worst_after_recovery()
    {
        var api = A.Component();
        var incident = An.Incident(draft: An.Update(components: (api, ComponentStatus.MajorOutage)), components: api);
        incident.Post(An.Update(Phase.Resolved, components: (api, ComponentStatus.Operational)), ComponentStates.Of(api), "ann", Later);
        Assert.Equal(Impact.Critical, incident.Impact);
    }

    [Fact]
    public void An_impact_set_by_hand_wins()
    {
        var incident = An.Incident();
        incident.Describe("Title", null, Impact.Critical, Later);
        Assert.Equal((Impact.Critical, Impact.None), (incident.Impact, incident.ComputedImpact));
    }

    [Fact]
    public void Every_change_raises_the_version()
    {
        var incident = An.Incident();
        var first = incident.Version;
        incident.Post(An.Update(), ComponentStates.Of(), "ann", Later);
        incident.Describe("New title", null, null, Later);
        Assert.Equal(first + 2, incident.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    public void A_title_is_one_line(string title) =>
        Assert.Equal(nameof(Incident.Title), Assert.Throws<RuleViolation>(() => An.Incident().Describe(title, null, null, Later)).Field);

    [Fact]
    public void A_title_has_at_most_255_characters() =>
        Assert.Throws<RuleViolation>(() => An.Incident().Describe(new string('x', 256), null, null, Later));

    [Fact]
    public void A_deleted_incident_refuses_everything()
    {
        var incident = An.Incident();
        incident.Delete(Later);
        Assert.Equal(Later, incident.DeletedAt);
        Assert.Throws<RuleViolation>(() => incident.Post(An.Update(), ComponentStates.Of(), "ann", Later));
        Assert.Throws<RuleViolation>(() => incident.Describe("Title", null, null, Later));
        Assert.Throws<RuleViolation>(() => incident.Delete(Later));
    }
}
