using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Snapshot;

public sealed class SnapshotBuilderTests
{
    // 00:00 in Los Angeles is 08:00 UTC in November.
    private static readonly DateTimeOffset Midnight = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private static SnapshotRows Rows(
        Page? page = null,
        IReadOnlyList<Component>? components = null,
        IReadOnlyList<Incident>? incidents = null,
        IReadOnlyList<Maintenance>? maintenances = null,
        IReadOnlyList<ManualStatus>? manual = null,
        IReadOnlyList<ComponentGroup>? groups = null
    ) =>
        new()
        {
            Page = page ?? A.Page(),
            Zone = page is null ? A.Zone : Zones.Of(page.TimeZone),
            Components = components ?? [],
            Incidents = incidents ?? [],
            Maintenances = maintenances ?? [],
            Groups = groups ?? [],
            States = A.States(components ?? [], manual, incidents, maintenances),
        };

    private static Maintenance Work(DateTimeOffset from, params ComponentId[] components) =>
        Maintenance.Schedule(An.PageId, "Upgrade", "We upgrade.", from, from.AddHours(2), components, An.Instant);

    [Fact]
    public void The_same_rows_and_instant_make_the_same_snapshot()
    {
        var api = A.Component();
        var rows = Rows(
            components: [api],
            incidents: [An.Incident(draft: An.Update(components: (api, ComponentStatus.PartialOutage)), components: api)],
            maintenances: [Work(An.Instant.AddDays(1), api.Id)]
        );
        var now = An.Instant.AddMinutes(3);
        Assert.Equal(SnapshotJson.Write(SnapshotBuilder.Build(rows, now)), SnapshotJson.Write(SnapshotBuilder.Build(rows, now)));
    }

    [Fact]
    public void Two_instants_of_one_edition_make_the_same_snapshot()
    {
        var rows = Rows(components: [A.Component()], incidents: [An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(30)))]);
        Assert.Equal(
            SnapshotJson.Write(SnapshotBuilder.Build(rows, An.Instant.AddMinutes(1))),
            SnapshotJson.Write(SnapshotBuilder.Build(rows, An.Instant.AddMinutes(29)))
        );
    }

    [Fact]
    public void The_order_of_rows_does_not_matter()
    {
        Component[] components = [A.Component("A", position: 2), A.Component("B", position: 1), A.Component("C", position: 1)];
        Incident[] incidents = [An.Incident(), An.Incident(An.Instant.AddDays(-1)), An.Incident(An.Instant)];
        var page = A.Page();
        Assert.Equal(
            SnapshotJson.Write(SnapshotBuilder.Build(Rows(page, components, incidents), An.Instant)),
            SnapshotJson.Write(SnapshotBuilder.Build(Rows(page, [.. components.Reverse()], [.. incidents.Reverse()]), An.Instant))
        );
    }

    [Fact]
    public void A_quiet_page_changes_at_midnight_of_its_zone() => Assert.Equal(Midnight, SnapshotBuilder.Build(Rows(), An.Instant).NextChangeAt);

    [Fact]
    public void It_speaks_of_the_last_change()
    {
        Assert.Equal(An.Instant, SnapshotBuilder.Build(Rows(), An.Instant.AddHours(1)).AsOf);
        Assert.Equal(Midnight, SnapshotBuilder.Build(Rows(), Midnight.AddHours(1)).AsOf);
    }

    [Fact]
    public void A_promise_is_an_instant_of_change()
    {
        var promise = An.Instant.AddMinutes(30);
        var rows = Rows(incidents: [An.Incident(draft: An.Update(promise: promise))]);
        Assert.Equal(promise, SnapshotBuilder.Build(rows, promise.AddTicks(-1)).NextChangeAt);
        Assert.Equal(promise, SnapshotBuilder.Build(rows, promise).AsOf);
    }

    [Fact]
    public void A_promise_is_due_then_overdue_after_the_grace_then_missed_each_an_edition()
    {
        var rows = Rows(incidents: [An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(30)))]);
        var snapshot = SnapshotBuilder.Build(rows, An.Instant);
        var at = An.Instant;
        foreach (var minutes in new[] { 30, 35, 90 })
        {
            at = SnapshotBuilder.Build(rows, at).NextChangeAt;
            Assert.Equal(An.Instant.AddMinutes(minutes), at);
            var block = new Web.Public.IncidentBlock(SnapshotBuilder.Build(rows, at).Incidents[0], SnapshotBuilder.Build(rows, at), null!);
            Assert.Equal((minutes == 30, minutes > 30), (block.IsDue, block.IsOverdue));
            snapshot = SnapshotBuilder.Advance(snapshot, at);
            Assert.Equal((at, TimeSpan.FromMinutes(5)), (snapshot.AsOf, snapshot.OverdueGrace));
        }
    }

    [Fact]
    public void A_maintenance_starts_and_ends_by_itself()
    {
        var api = A.Component();
        var start = An.Instant.AddHours(1);
        var rows = Rows(components: [api], maintenances: [Work(start, api.Id)]);

        var before = SnapshotBuilder.Build(rows, An.Instant);
        Assert.Equal(
            (start, ComponentStatus.Operational, MaintenancePhase.Scheduled),
            (before.NextChangeAt, before.Components[0].Status, before.Maintenances[0].Phase)
        );
        var during = SnapshotBuilder.Build(rows, start);
        Assert.Equal(
            (start.AddHours(2), ComponentStatus.UnderMaintenance, MaintenancePhase.InProgress),
            (during.NextChangeAt, during.Components[0].Status, during.Maintenances[0].Phase)
        );
        var after = SnapshotBuilder.Build(rows, start.AddHours(2));
        Assert.Equal((ComponentStatus.Operational, MaintenancePhase.Completed), (after.Components[0].Status, after.Maintenances[0].Phase));
    }

    [Fact]
    public void A_maintenance_does_not_hide_an_outage()
    {
        var api = A.Component();
        Assert.Equal(
            ComponentStatus.MajorOutage,
            SnapshotBuilder
                .Build(
                    Rows(components: [api], manual: [api.Set(ComponentStatus.MajorOutage, An.Instant)], maintenances: [Work(An.Instant, api.Id)]),
                    An.Instant
                )
                .Components[0]
                .Status
        );
    }

    [Fact]
    public void While_trouble_lasts_its_minutes_are_counted_every_ten()
    {
        var api = A.Component();
        Assert.Equal(
            An.Instant.AddMinutes(5),
            SnapshotBuilder.Build(Rows(components: [api], manual: [api.Set(ComponentStatus.MajorOutage, An.Instant)]), An.Instant).NextChangeAt
        );
    }

    [Fact]
    public void A_node_whose_clock_lags_tells_of_the_post_nevertheless() =>
        Assert.Equal(An.Instant, SnapshotBuilder.Build(Rows(), An.Instant.AddSeconds(-30)).AsOf);

    [Fact]
    public void The_next_change_always_lies_ahead()
    {
        var api = A.Component();
        var rows = Rows(
            components: [api],
            manual: [api.Set(ComponentStatus.MajorOutage, An.Instant)],
            incidents: [An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(7)))],
            maintenances: [Work(An.Instant.AddMinutes(13), api.Id)]
        );
        var now = An.Instant;
        for (var step = 0; step < 50; step++)
        {
            var next = SnapshotBuilder.Build(rows, now).NextChangeAt;
            Assert.True(next > now);
            now = next;
        }
    }

    [Fact]
    public void Incidents_come_newest_first_and_so_do_their_updates()
    {
        var old = An.Incident(An.Instant.AddDays(-2)).Resolved();
        var snapshot = SnapshotBuilder.Build(Rows(incidents: [old, An.Incident()]), An.Instant);
        Assert.Equal(An.Instant, snapshot.Incidents[0].StartedAt);
        Assert.Equal(Phase.Resolved, snapshot.Incidents[1].Updates[0].Phase);
    }

    [Fact]
    public void Loose_components_come_before_groups()
    {
        var group = ComponentGroup.Create(An.PageId, "Platform", 1, An.Instant);
        var inside = Component.Create(An.PageId, "Database", null, group.Id, "database", 1, An.Instant);
        var loose = A.Component("API", position: 9);
        Assert.Equal(
            ["API", "Database"],
            SnapshotBuilder.Build(Rows(components: [inside, loose], groups: [group]), An.Instant).Components.Select(component => component.Name)
        );
    }

    [Fact]
    public void An_open_incident_that_touches_nothing_still_counts_as_degraded() =>
        Assert.Equal(
            ComponentStatus.DegradedPerformance,
            SnapshotBuilder.Build(Rows(components: [A.Component()], incidents: [An.Incident()]), An.Instant).Overall
        );

    [Fact]
    public void Without_a_store_the_clock_moves_promises_and_maintenances()
    {
        var api = A.Component();
        var start = An.Instant.AddHours(1);
        var snapshot = SnapshotBuilder.Build(
            Rows(components: [api], incidents: [An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(30)))], maintenances: [Work(start, api.Id)]),
            An.Instant
        );

        Assert.Same(snapshot, SnapshotBuilder.Advance(snapshot, An.Instant.AddMinutes(29)));
        Assert.Equal(An.Instant.AddMinutes(30), SnapshotBuilder.Advance(snapshot, An.Instant.AddMinutes(31)).AsOf);
        Assert.Equal(ComponentStatus.UnderMaintenance, SnapshotBuilder.Advance(snapshot, start).Components[0].Status);
        Assert.Equal(ComponentStatus.Operational, SnapshotBuilder.Advance(snapshot, start.AddHours(3)).Components[0].Status);
        Assert.True(SnapshotBuilder.Advance(snapshot, start.AddHours(3)).NextChangeAt > start.AddHours(3));
    }

    [Fact]
    public void A_snapshot_survives_its_way_through_the_disk()
    {
        var api = A.Component();
        var snapshot = SnapshotBuilder.Build(
            Rows(
                components: [api],
                incidents:
                [
                    An.Incident(draft: An.Update(promise: An.Instant.AddMinutes(30), components: (api, ComponentStatus.PartialOutage)), components: api),
                ],
                maintenances: [Work(An.Instant, api.Id)],
                groups: [ComponentGroup.Create(An.PageId, "Platform", 1, An.Instant)]
            ),
            An.Instant
        );
        var json = SnapshotJson.Write(snapshot);
        Assert.Equal(json, SnapshotJson.Write(SnapshotJson.Read(json)!));
    }
}
