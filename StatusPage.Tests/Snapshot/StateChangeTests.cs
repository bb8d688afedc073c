using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;

namespace StatusPage.Tests.Snapshot;

/// <summary>"Last change" is about the state that the band shows, and nothing else.</summary>
public sealed class StateChangeTests
{
    private static readonly DateTimeOffset Born = An.Instant.AddDays(-30);

    private readonly Page _page = A.Page(at: Born);
    private readonly Component _api = A.Component(at: Born);
    private readonly List<Incident> _incidents = [];
    private readonly List<Maintenance> _maintenances = [];
    private readonly List<ManualStatus> _manual = [];

    private StatusSnapshot At(DateTimeOffset now) =>
        SnapshotBuilder.Build(
            new()
            {
                Page = _page,
                Zone = Zones.Of(_page.TimeZone),
                Groups = [],
                Components = [_api],
                Incidents = _incidents,
                Maintenances = _maintenances,
                States = A.States([_api], _manual, _incidents, _maintenances),
            },
            now
        );

    private DateTimeOffset? ChangedAt(DateTimeOffset? now = null) => At(now ?? An.Instant.AddHours(12)).StateChangedAt;

    private void Set(ComponentStatus status, DateTimeOffset at) => _manual.Add(_api.Set(status, at));

    [Fact]
    public void A_page_that_nothing_happened_to_changed_when_it_came_to_be() => Assert.Equal(Born, ChangedAt());

    [Fact]
    public void After_90_days_without_a_change_there_is_no_last_one() => Assert.Null(ChangedAt(Born.AddDays(100)));

    [Fact]
    public void A_component_that_is_set_changes_it()
    {
        Set(ComponentStatus.MajorOutage, An.Instant);
        Assert.Equal(An.Instant, ChangedAt());
        Set(ComponentStatus.Operational, An.Instant.AddHours(1));
        Assert.Equal(An.Instant.AddHours(1), ChangedAt());
    }

    [Fact]
    public void Every_post_of_an_incident_changes_it_and_a_correction_does_not()
    {
        var incident = An.Incident(An.Instant);
        _incidents.Add(incident);
        Assert.Equal(An.Instant, ChangedAt());
        incident.Post(An.Update(Phase.Identified), ComponentStates.Of(_api), "ann", An.Instant.AddHours(1));
        Assert.Equal(An.Instant.AddHours(1), ChangedAt());
        incident.Correct(incident.Latest.Id, "It is something else.", null, null, [], An.Instant.AddHours(2));
        incident.Describe("Another title", Severity.Sev3, null, An.Instant.AddHours(2));
        Assert.Equal(An.Instant.AddHours(1), ChangedAt());
        incident.Withdraw(incident.Latest.Id, "Wrong.", An.Instant.AddHours(3));
        Assert.Equal(An.Instant.AddHours(3), ChangedAt());
    }

    [Fact]
    public void A_maintenance_changes_it_when_it_begins_and_when_it_ends_and_not_when_it_is_scheduled()
    {
        Plan(An.Instant.AddHours(2), _api.Id);
        Assert.Equal(Born, ChangedAt(An.Instant.AddHours(1)));
        Assert.Equal(An.Instant.AddHours(2), ChangedAt(An.Instant.AddHours(3)));
        Assert.Equal(An.Instant.AddHours(4), ChangedAt(An.Instant.AddHours(5)));
        // Without a store, the clock alone gives the same time.
        Assert.Equal(An.Instant.AddHours(2), SnapshotBuilder.Advance(At(An.Instant), An.Instant.AddHours(3)).StateChangedAt);
    }

    [Fact]
    public void A_maintenance_of_nothing_or_one_that_is_cancelled_before_it_begins_changes_nothing()
    {
        Plan(An.Instant.AddHours(2));
        Plan(An.Instant.AddHours(2), _api.Id).Cancel(An.Instant.AddHours(1));
        Assert.Equal(Born, ChangedAt());
        Plan(An.Instant.AddHours(2), _api.Id).Cancel(An.Instant.AddHours(3));
        Assert.Equal(An.Instant.AddHours(3), ChangedAt());
    }

    [Fact]
    public void A_page_or_a_component_that_is_named_anew_changes_nothing()
    {
        _page.Configure("Another", Zones.Checked("Etc/UTC"), false, An.Instant);
        _api.Describe("Another API", "With words", null, An.Instant);
        Assert.Equal(Born, ChangedAt());
    }

    private Maintenance Plan(DateTimeOffset from, params ComponentId[] components)
    {
        var maintenance = Maintenance.Schedule(An.PageId, "Upgrade", "We upgrade.", from, from.AddHours(2), components, An.Instant);
        _maintenances.Add(maintenance);
        return maintenance;
    }
}
