using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary>Makes the shapes from what the page shows.</summary>
public sealed class ShapeMaker(StatusSnapshot snapshot, PublicAddress address)
{
    public PageShape Page() => new(snapshot.PageId.Value, snapshot.Name, address.Root, snapshot.TimeZone, snapshot.ChangedAt);

    public StatusShape Status() => new(Headline.Indicator(snapshot), Headline.Description(snapshot));

    public ComponentShape Component(ComponentView component) =>
        new(
            component.Id.Value,
            component.Name,
            component.Status.Code(),
            component.CreatedAt,
            component.UpdatedAt,
            component.Position,
            component.Description,
            component.Showcase,
            component.StartDate,
            component.GroupId?.Value,
            snapshot.PageId.Value,
            false,
            component.OnlyShowIfDegraded
        );

    /// <summary>The shape of a component that is shown.</summary>
    public ManagedComponent Managed(ComponentId id) => new(Component(snapshot.Components.First(component => component.Id == id)));

    /// <summary>The shape of a group among the components.</summary>
    public ManagedComponent Managed(ComponentGroup group) => new(Group(GroupView.Of(group)));

    /// <summary>The components, followed by the groups.</summary>
    public IReadOnlyList<ComponentShape> Components() => [.. snapshot.Components.Select(Component), .. snapshot.Groups.Select(Group)];

    private ComponentShape Group(GroupView group)
    {
        var members = snapshot.Components.Where(component => component.GroupId == group.Id).ToList();
        return new(
            group.Id.Value,
            group.Name,
            members.Select(member => member.Status).Worst().Code(),
            group.CreatedAt,
            group.UpdatedAt,
            group.Position,
            group.Description,
            false,
            null,
            null,
            snapshot.PageId.Value,
            true,
            false,
            [.. members.Select(member => member.Id.Value)]
        );
    }

    public IncidentShape Incident(IncidentView incident) =>
        new(
            incident.Id.Value,
            incident.Title,
            incident.Phase.Code(),
            incident.CreatedAt,
            incident.UpdatedAt,
            incident.MonitoringAt,
            incident.ResolvedAt,
            incident.Impact.Code(),
            LinkTo(incident.Id.Value),
            incident.StartedAt,
            snapshot.PageId.Value,
            [.. Told(incident).Select(update => Update(update, incident))],
            ComponentsOf(incident),
            null,
            SeverityOf(incident),
            incident.Latest.ImpactSummary,
            incident.Latest.TeamStatus,
            incident.NextUpdateBy
        );

    private static UpdateShape Update(UpdateView update, IncidentView incident) =>
        new(
            update.Id.Value,
            update.Phase.Code(),
            update.Body,
            incident.Id.Value,
            update.PostedAt,
            update.ChangedAt,
            update.PostedAt,
            Affected(update),
            update.Notifies,
            null,
            null,
            update.ImpactSummary,
            update.TeamStatus,
            update.NextUpdateBy
        );

    public MaintenanceShape Maintenance(MaintenanceView maintenance) =>
        new(
            maintenance.Id.Value,
            maintenance.Title,
            maintenance.Phase.Code(),
            maintenance.CreatedAt,
            ChangedAt(maintenance),
            null,
            EndedAt(maintenance),
            Indicator.Maintenance,
            LinkTo(maintenance.Id.Value),
            StartedAt(maintenance),
            snapshot.PageId.Value,
            [
                .. maintenance.Story.Select(entry => new EntryShape(
                    entry.Id.Value,
                    entry.Phase.Code(),
                    entry.Body,
                    maintenance.Id.Value,
                    entry.At,
                    entry.At,
                    entry.At,
                    null,
                    entry.Notifies,
                    null,
                    null
                )),
            ],
            ComponentsOf(maintenance),
            null,
            maintenance.ScheduledFor,
            maintenance.ScheduledUntil
        );

    /// <param name="row">Holds what the public does not see; null in a webhook, which goes to the public.</param>
    public ManagedIncident Managed(IncidentView incident, Incident? row = null) =>
        new()
        {
            Id = incident.Id.Value,
            Name = incident.Title,
            Status = incident.Phase.Code(),
            CreatedAt = incident.CreatedAt,
            UpdatedAt = incident.UpdatedAt,
            MonitoringAt = incident.MonitoringAt,
            ResolvedAt = incident.ResolvedAt,
            Impact = incident.Impact.Code(),
            ImpactOverride = incident.ImpactOverride?.Code(),
            Shortlink = LinkTo(incident.Id.Value),
            StartedAt = incident.StartedAt,
            PageId = snapshot.PageId.Value,
            IncidentUpdates = [.. (row is null ? incident.Updates : Told(incident)).Select(update => Managed(update, incident.Id))],
            Components = [.. ComponentsOf(incident).Select(component => new ManagedComponent(component))],
            Metadata = row?.Metadata is { } kept ? JsonElement.Parse(kept) : ManagedIncident.NoMetadata,
            PostmortemBody = incident.Postmortem?.Body,
            PostmortemBodyLastUpdatedAt = incident.Postmortem?.UpdatedAt,
            PostmortemPublishedAt = incident.Postmortem?.PublishedAt,
            PostmortemNotifiedSubscribers = incident.Postmortem?.IsTold == true,
            Backfilled = incident.BackfilledAt is not null,
            WithdrawnAt = incident.WithdrawnAt,
            Severity = SeverityOf(incident),
            ImpactSummary = incident.Latest.ImpactSummary,
            TeamStatus = incident.Latest.TeamStatus,
            NextUpdateAt = incident.NextUpdateBy,
        };

    /// <param name="row">Says what it is planned to do by itself.</param>
    /// <param name="told">In a webhook: the event that it tells of.</param>
    public ManagedIncident Managed(MaintenanceView maintenance, Maintenance row, MaintenanceTold? told = null)
    {
        var entries = maintenance.Story.ToList();
        // The text of a reminder or a cancellation is in no timeline.
        if (told is not null && entries.All(entry => entry.At < told.At || entry.Body != told.Body))
            entries.Insert(0, new(Domain.UpdateId.Of(maintenance.Id.Value), told.Phase, told.Body, told.At, true, true));
        return new()
        {
            Id = maintenance.Id.Value,
            Name = maintenance.Title,
            Status = maintenance.Phase.Code(),
            CreatedAt = maintenance.CreatedAt,
            UpdatedAt = ChangedAt(maintenance),
            MonitoringAt = null,
            ResolvedAt = EndedAt(maintenance),
            Impact = Indicator.Maintenance,
            Shortlink = LinkTo(maintenance.Id.Value),
            StartedAt = StartedAt(maintenance),
            PageId = snapshot.PageId.Value,
            IncidentUpdates = [.. entries.Select(entry => Managed(entry, maintenance.Id))],
            Components = [.. ComponentsOf(maintenance).Select(component => new ManagedComponent(component))],
            ScheduledFor = maintenance.ScheduledFor,
            ScheduledUntil = maintenance.ScheduledUntil,
            ScheduledRemindPrior = row.RemindBefore is not null,
            ScheduledRemindedAt = told?.Event == MaintenanceEvent.Reminder ? told.At : null,
            ScheduledAutoInProgress = row.StartsItself,
            ScheduledAutoCompleted = row.End != MaintenanceEnd.ByHand,
            // While it runs, its components are under maintenance, and no longer than that.
            AutoTransitionToMaintenanceState = true,
            AutoTransitionToOperationalState = true,
            AutoTransitionDeliverNotificationsAtStart = row.TellsPhases,
            AutoTransitionDeliverNotificationsAtEnd = row.TellsPhases,
            Backfilled = row.IsBackfilled,
            CancelledAt = maintenance.CancelledAt,
        };
    }

    public static ManagedUpdate Managed(UpdateView update, Domain.IncidentId incident) =>
        new(
            update.Id.Value,
            update.Phase.Code(),
            update.Body,
            incident.Value,
            update.PostedAt,
            update.ChangedAt,
            update.PostedAt,
            Affected(update),
            update.Notifies,
            null,
            null,
            false,
            null,
            update.ImpactSummary,
            update.TeamStatus,
            update.NextUpdateBy
        );

    private static ManagedUpdate Managed(MaintenanceEntry entry, Domain.MaintenanceId maintenance) =>
        new(
            entry.Id.Value,
            entry.Phase.Code(),
            entry.Body,
            maintenance.Value,
            entry.At,
            entry.At,
            entry.At,
            null,
            entry.Notifies,
            null,
            null,
            false,
            null,
            null,
            null,
            null
        );

    private static IReadOnlyList<AffectedShape>? Affected(UpdateView update) =>
        update.Affected.Count == 0
            ? null
            : [.. update.Affected.Select(one => new AffectedShape(one.ComponentId.Value, one.Name, one.OldStatus.Code(), one.NewStatus.Code()))];

    private IReadOnlyList<ComponentShape> ComponentsOf(IncidentView incident)
    {
        var touched = incident.Affected.Select(component => component.ComponentId).ToHashSet();
        return [.. snapshot.Components.Where(component => touched.Contains(component.Id)).Select(Component)];
    }

    private IReadOnlyList<ComponentShape> ComponentsOf(MaintenanceView maintenance) =>
        [.. snapshot.Components.Where(component => maintenance.ComponentIds.Contains(component.Id)).Select(Component)];

    /// <summary>As with Statuspage, a postmortem is the newest of the updates. It is no update of ours, so it has the incident's id.</summary>
    private static IEnumerable<UpdateView> Told(IncidentView incident) =>
        incident.Postmortem is not { } postmortem
            ? incident.Updates
            : incident.Updates.Prepend(
                new(Domain.UpdateId.Of(incident.Id.Value), Phase.Postmortem, postmortem.Body, null, null, null, [], false, postmortem.PublishedAt)
            );

    private string? SeverityOf(IncidentView incident) => snapshot.ShowsSeverity ? incident.Severity?.Code() : null;

    private string LinkTo(string id) => address.Of($"/incidents/{id}");

    private static DateTimeOffset ChangedAt(MaintenanceView maintenance) =>
        maintenance.Latest.At > maintenance.UpdatedAt ? maintenance.Latest.At : maintenance.UpdatedAt;

    private static DateTimeOffset? EndedAt(MaintenanceView maintenance) =>
        maintenance.Phase != MaintenancePhase.Completed ? null : maintenance.CancelledAt ?? maintenance.Plan.CompletesAt;

    private static DateTimeOffset StartedAt(MaintenanceView maintenance) =>
        maintenance.Phase == MaintenancePhase.Scheduled ? maintenance.ScheduledFor : maintenance.Plan.StartsAt ?? maintenance.ScheduledFor;
}
