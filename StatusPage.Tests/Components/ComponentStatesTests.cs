using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;

namespace StatusPage.Tests.Components;

/// <summary>The rule of docs/uptime.md, case by case.</summary>
public sealed class ComponentStatesTests
{
    private const ComponentStatus Up = ComponentStatus.Operational;
    private const ComponentStatus Slow = ComponentStatus.DegradedPerformance;
    private const ComponentStatus Partly = ComponentStatus.PartialOutage;
    private const ComponentStatus Down = ComponentStatus.MajorOutage;

    private readonly Component _api = A.Component(at: An.Instant.AddDays(-30));
    private readonly List<ManualStatus> _manual = [];
    private readonly List<Incident> _incidents = [];
    private DateTimeOffset _now = An.Instant;

    private ComponentStates States => A.States([_api], _manual, _incidents);
    private ComponentStatus Own => States.Own(_api.Id);

    private Incident Open(ComponentStatus status)
    {
        var incident = Incident.Open(An.PageId, "Errors", null, null, An.Update(components: (_api, status)), States, "ann", Tick());
        _incidents.Add(incident);
        return incident;
    }

    private void Post(Incident incident, Phase phase, ComponentStatus? status = null) =>
        incident.Post(status is { } said ? An.Update(phase, components: (_api, said)) : An.Update(phase), States, "ann", Tick());

    private void SetByHand(ComponentStatus status) => _manual.Add(_api.Set(status, Tick()));

    private DateTimeOffset Tick() => _now = _now.AddMinutes(10);

    private double MajorMinutes => Outage.Within(_api, States, An.Instant, Tick()).Major.TotalMinutes;

    [Fact]
    public void Of_two_open_incidents_the_worst_counts_and_when_one_goes_the_other_still_does()
    {
        var (one, other) = (Open(Down), Open(Partly));
        Assert.Equal(Down, Own);
        Post(one, Phase.Resolved, Up);
        Assert.Equal(Partly, Own);
        Post(other, Phase.Resolved, Up);
        Assert.Equal(Up, Own);
    }

    [Fact]
    public void An_incident_withdrawn_as_a_duplicate_leaves_the_other_as_it_was()
    {
        var (one, duplicate) = (Open(Down), Open(Down));
        duplicate.WithdrawAll("The same as the other.", "ann", Tick());
        Assert.Equal(Down, Own);
        one.WithdrawAll("A false alarm.", "ann", Tick());
        Assert.Equal((Up, 0), (Own, MajorMinutes));
    }

    [Fact]
    public void What_a_person_set_by_hand_stays_when_the_incident_is_withdrawn()
    {
        var incident = Open(Down);
        SetByHand(Up);
        Assert.Equal(Up, Own);
        incident.WithdrawAll("A false alarm.", "ann", Tick());
        Assert.Equal((Up, 0), (Own, MajorMinutes));
    }

    [Fact]
    public void What_was_set_by_hand_counts_again_when_what_replaced_it_is_withdrawn()
    {
        SetByHand(Down);
        var incident = Open(Slow);
        Assert.Equal(Slow, Own);
        incident.WithdrawAll("It was down already.", "ann", Tick());
        Assert.Equal(Down, Own);
    }

    [Fact]
    public void A_state_set_by_hand_replaces_what_incidents_said_until_one_says_more()
    {
        var incident = Open(Down);
        SetByHand(Slow);
        Post(incident, Phase.Identified);
        Assert.Equal(Slow, Own);
        Post(incident, Phase.Identified, Partly);
        Assert.Equal(Partly, Own);
    }

    [Fact]
    public void The_same_state_in_a_persons_own_name_outlives_the_incident()
    {
        var incident = Open(Down);
        Assert.True(States.IsNews(_api.Id, Down));
        SetByHand(Down);
        Assert.False(States.IsNews(_api.Id, Down));
        incident.WithdrawAll("The wrong incident.", "ann", Tick());
        Assert.Equal(Down, Own);
    }

    [Fact]
    public void A_deleted_incident_never_said_anything()
    {
        var incident = Open(Down);
        incident.Delete(Tick());
        Assert.Equal((Up, 0), (Own, MajorMinutes));
    }

    [Fact]
    public void A_withdrawn_update_leaves_what_the_others_said()
    {
        var incident = Open(Partly);
        Post(incident, Phase.Identified, Down);
        incident.Withdraw(incident.Latest.Id, "It was not that bad.", Tick());
        Assert.Equal((Partly, 0), (Own, MajorMinutes));
    }

    [Fact]
    public void What_an_incident_left_behind_counts_until_anybody_says_anything_else()
    {
        var incident = Open(Partly);
        Post(incident, Phase.Resolved);
        Assert.Equal((Partly, true), (Own, incident.LeavesTrouble));
        var next = Open(Slow);
        Assert.Equal(Slow, Own);
        Post(next, Phase.Resolved, Up);
        Assert.Equal((Up, false), (Own, next.LeavesTrouble));
    }

    [Fact]
    public void An_incident_that_only_names_a_component_says_nothing_of_its_state()
    {
        var one = Open(Down);
        _incidents.Add(Incident.Open(An.PageId, "Other", null, null, An.Update(), States, "ann", Tick()));
        one.WithdrawAll("A false alarm.", "ann", Tick());
        Assert.Equal(Up, Own);
    }

    [Fact]
    public void Who_holds_a_component_is_known()
    {
        var (one, other) = (Open(Slow), Open(Down));
        Assert.Equal([(other.Id, Down), (one.Id, Slow)], States.HeldBy(_api.Id));
        Assert.Equal([(one.Id, Slow)], States.HeldBy(_api.Id, but: other.Id));
        SetByHand(Up);
        Assert.Empty(States.HeldBy(_api.Id));
    }
}
