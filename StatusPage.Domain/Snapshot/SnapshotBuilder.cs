using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Readers;

namespace StatusPage.Domain.Snapshot;

/// <summary>The rows that a snapshot is made of, as the store gives them.</summary>
public sealed record SnapshotRows
{
    public required Page Page { get; init; }

    /// <summary>The page's zone.</summary>
    public required IZone Zone { get; init; }

    /// <summary>Whom the snapshot is for; null is the public.</summary>
    public AudienceId? Audience { get; init; }
    public required IReadOnlyList<ComponentGroup> Groups { get; init; }

    /// <summary>Without the archived ones.</summary>
    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>Open, or touched since <see cref="SnapshotBuilder.WindowStart"/>; without the deleted ones.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>Makes the view of an incident; null: as its audience sees it. A function that caches views returns those of unchanged incidents.</summary>
    public Func<Incident, IncidentView?>? See { get; init; }

    public IncidentView? ViewOf(Incident incident) => See is null ? IncidentView.Of(incident, Audience) : See(incident);

    /// <summary>Includes those that were cancelled since then.</summary>
    public required IReadOnlyList<Maintenance> Maintenances { get; init; }
    public IReadOnlyList<MaintenanceSeries> Series { get; init; } = [];

    /// <summary>Everything that was said of the components and matters since <see cref="SnapshotBuilder.WindowStart"/>.</summary>
    public required ComponentStates States { get; init; }

    /// <summary>Those that are neither open nor touched since then; the newest first.</summary>
    public IReadOnlyList<ArchivedIncident> Archive { get; init; } = [];

    public IReadOnlyList<PictureView> Pictures { get; init; } = [];

    /// <summary>Null: everybody may read the page.</summary>
    public AccessRule? Access { get; init; }

    /// <summary>Null when the owner does not publish it.</summary>
    public PromiseReport? Promises { get; init; }

    /// <summary>Those that are shown, in the order of the page.</summary>
    public IReadOnlyList<MetricView> Metrics { get; init; } = [];
}

/// <summary>Receives each row of which no view can be made: that row is left out, and the others are shown.</summary>
/// <param name="row">"Incident abcdefghij01"</param>
public delegate void LeftOut(string row, Exception why);

/// <summary>Makes a snapshot from rows and an instant. Pure, so it is the same on every node.</summary>
public static class SnapshotBuilder
{
    /// <summary>How often the minutes of a continuing outage are counted anew.</summary>
    public static readonly TimeSpan TroubleStep = TimeSpan.FromMinutes(10);

    /// <summary>The start of the rows that are needed; a day more than is shown, since days begin at different instants around the world.</summary>
    public static DateTimeOffset WindowStart(DateTimeOffset now) => now.AddDays(-UptimeHistory.Days - 1);

    public static StatusSnapshot Build(SnapshotRows rows, DateTimeOffset now, LeftOut? leftOut = null)
    {
        rows = Sound(rows, now, leftOut);
        var (asOf, next) = Edition(rows, now);
        var maintenances = rows
            .Maintenances.OrderBy(m => m.ScheduledFor)
            .ThenBy(m => m.Id.Value, StringComparer.Ordinal)
            .Select(m => View(m, rows, asOf))
            .ToList();
        var positions = rows.Groups.ToDictionary(group => group.Id, group => group.Position);
        return new()
        {
            PageId = rows.Page.Id,
            Name = rows.Page.Name,
            Location = rows.Page.Location,
            Theme = rows.Page.Theme,
            Style = rows.Page.Style,
            Brand = rows.Page.Brand,
            Pictures = rows.Pictures,
            Access = rows.Access,
            TimeZone = rows.Page.TimeZone,
            Language = rows.Page.Language,
            ShowsSeverity = rows.Page.ShowsSeverity,
            PartialPercent = rows.Page.PartialPercent,
            Version = rows.Page.Version,
            AsOf = asOf,
            NextChangeAt = next,
            CreatedAt = rows.Page.CreatedAt,
            ChangedAt = rows.Page.ChangedAt,
            ComponentsChangedAt = rows.Components.Max(component => rows.States.ChangedAt(component.Id)),
            Groups = [.. rows.Groups.OrderBy(group => group.Position).ThenBy(group => group.Name, StringComparer.Ordinal).Select(GroupView.Of)],
            Components =
            [
                .. rows
                    .Components.OrderBy(c => c.GroupId is { } id && positions.TryGetValue(id, out var position) ? position : -1)
                    .ThenBy(c => c.Position)
                    .ThenBy(c => c.Name, StringComparer.Ordinal)
                    .Select(ViewOf),
            ],
            Incidents =
            [
                .. rows
                    .Incidents.OrderByDescending(i => i.StartedAt)
                    .ThenByDescending(i => i.Id.Value, StringComparer.Ordinal)
                    .Select(rows.ViewOf)
                    .OfType<IncidentView>(),
            ],
            Maintenances = [.. maintenances.Where(m => m.CancelledAt is null)],
            Cancelled = [.. maintenances.Where(m => m.CancelledAt is not null)],
            Archive = rows.Archive,
            OverdueGrace = rows.Page.OverdueGrace,
            Promises = rows.Promises,
            Metrics = rows.Metrics,
        };

        DateTimeOffset ChangedAt(Component c) => rows.States.ChangedAt(c.Id) is { } at && at > c.UpdatedAt ? at : c.UpdatedAt;

        ComponentView ViewOf(Component c)
        {
            return new(
                c.Id,
                c.Slug,
                c.Name,
                c.Description,
                c.GroupId,
                rows.States.Own(c.Id),
                rows.States.Shown(c.Id, asOf),
                c.Position,
                c.CreatedAt,
                ChangedAt(c),
                rows.Zone.DateOf(c.StartedAt),
                c.Showcase ? UptimeHistory.Tell(c, rows.States, rows.Zone, asOf, rows.Page.PartialPercent) : UptimeHistory.Hidden(c, rows.Zone, asOf)
            )
            {
                Showcase = c.Showcase,
                OnlyShowIfDegraded = c.OnlyShowIfDegraded,
            };
        }
    }

    /// <summary>
    /// Advances a snapshot by the clock alone while the store cannot be read: promises lapse and maintenances start and end on time. The days of uptime
    /// wait for the store.
    /// </summary>
    public static StatusSnapshot Advance(StatusSnapshot snapshot, DateTimeOffset now)
    {
        if (now < snapshot.NextChangeAt)
            return snapshot;
        var instants = snapshot
            .Open.SelectMany(incident => PromiseInstants(incident.NextUpdateBy, incident.Latest.PostedAt, snapshot.OverdueGrace))
            .Concat(snapshot.Maintenances.SelectMany(m => m.Plan.Instants))
            .Append(snapshot.AsOf)
            .ToList();
        var asOf = instants.Where(instant => instant <= now).DefaultIfEmpty(snapshot.AsOf).Max();
        var maintenances = snapshot.Maintenances.Select(m => m.At(asOf)).ToList();
        var maintained = Maintained(maintenances);
        return snapshot with
        {
            AsOf = asOf,
            NextChangeAt = instants.Where(instant => instant > now).Append(now + TroubleStep).Min(),
            Maintenances = maintenances,
            Components = [.. snapshot.Components.Select(c => c with { Status = c.OwnStatus.Shown(maintained.Contains(c.Id)) })],
        };
    }

    /// <summary>The rows of which views can be made: a broken row must not keep the others from the page.</summary>
    private static SnapshotRows Sound(SnapshotRows rows, DateTimeOffset now, LeftOut? leftOut)
    {
        return rows with
        {
            Incidents = Those(
                rows.Incidents,
                incident => $"Incident {incident.Id}",
                incident =>
                    (rows.ViewOf(incident)?.Latest, PromiseInstants(incident.NextUpdateBy, incident.Latest.PostedAt, rows.Page.OverdueGrace).ToList())
            ),
            Maintenances = Those(
                rows.Maintenances,
                maintenance => $"Maintenance {maintenance.Id}",
                maintenance => (View(maintenance, rows, now), maintenance.Plan.Instants.ToList())
            ),
        };

        IReadOnlyList<T> Those<T>(IReadOnlyList<T> all, Func<T, string> name, Func<T, object> look) =>
            [
                .. all.Where(row =>
                {
                    try
                    {
                        return look(row) is not null;
                    }
                    catch (Exception why) when (leftOut is not null)
                    {
                        leftOut(name(row), why);
                        return false;
                    }
                }),
            ];
    }

    private static MaintenanceView View(Maintenance maintenance, SnapshotRows rows, DateTimeOffset at) =>
        MaintenanceView.Of(maintenance, rows.Series.FirstOrDefault(series => series.Id == maintenance.SeriesId), at);

    private static HashSet<ComponentId> Maintained(IEnumerable<MaintenanceView> maintenances) =>
        [.. maintenances.Where(m => m.CancelledAt is null && m.Phase.IsRunning()).SelectMany(m => m.ComponentIds)];

    /// <summary>When a promise is due, overdue for the public, and missed.</summary>
    private static IEnumerable<DateTimeOffset> PromiseInstants(DateTimeOffset? promise, DateTimeOffset madeAt, TimeSpan grace) =>
        promise is { } by ? [by, by + grace, PromiseReport.MissedAt(madeAt, by)] : [];

    /// <summary>The last instant at which the public picture changed, and the next at which it will change by itself.</summary>
    private static (DateTimeOffset AsOf, DateTimeOffset Next) Edition(SnapshotRows rows, DateTimeOffset now)
    {
        // A node whose clock is behind the poster's, or was set back, still shows the post.
        var clock = now > rows.Page.ChangedAt ? now : rows.Page.ChangedAt;
        var today = rows.Zone.DateOf(clock);
        List<DateTimeOffset> instants = [rows.Page.ChangedAt, rows.Zone.StartOf(today), rows.Zone.StartOf(today.AddDays(1))];
        instants.AddRange(rows.Incidents.SelectMany(incident => PromiseInstants(incident.NextUpdateBy, incident.Latest.PostedAt, rows.Page.OverdueGrace)));
        instants.AddRange(rows.Maintenances.Where(m => m.CancelledAt is null).SelectMany(m => m.Plan.Instants));
        if (rows.Components.Any(component => rows.States.Own(component.Id) != ComponentStatus.Operational))
        {
            var step = new DateTimeOffset(clock.UtcTicks - clock.UtcTicks % TroubleStep.Ticks, TimeSpan.Zero);
            instants.AddRange([step, step + TroubleStep]);
        }
        if (rows.Metrics.Count > 0)
        {
            var step = MetricSeries.Floor(clock, MetricSeries.Step);
            instants.AddRange([step, step + MetricSeries.Step]);
        }
        return (instants.Where(instant => instant <= clock).Max(), instants.Where(instant => instant > clock).Min());
    }
}
