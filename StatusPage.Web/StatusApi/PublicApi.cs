using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Maintenances;

namespace StatusPage.Web.StatusApi;

/// <summary>The eight documents of Statuspage's public API v2, written from the snapshot.</summary>
public static class PublicApi
{
    /// <summary>Newest incidents or maintenances in a list.</summary>
    private const int MaxListed = 50;

    public static IEnumerable<(string Path, byte[] Json)> Documents(StatusSnapshot snapshot, PublicAddress address)
    {
        var shapes = new Shapes(snapshot, address);
        yield return ("/api/v2/summary.json", Write(shapes, json =>
        {
            shapes.Status(json);
            shapes.Components(json);
            shapes.Incidents(json, snapshot.Open);
            shapes.Maintenances(json, snapshot.Running.Concat(snapshot.Upcoming));
        }));
        yield return ("/api/v2/status.json", Write(shapes, shapes.Status));
        yield return ("/api/v2/components.json", Write(shapes, shapes.Components));
        yield return ("/api/v2/incidents.json", Write(shapes, json => shapes.Incidents(json, snapshot.Incidents.Take(MaxListed))));
        yield return ("/api/v2/incidents/unresolved.json", Write(shapes, json => shapes.Incidents(json, snapshot.Open)));
        yield return ("/api/v2/scheduled-maintenances.json", Write(shapes, json =>
            shapes.Maintenances(json, snapshot.Maintenances.Reverse().Take(MaxListed))));
        yield return ("/api/v2/scheduled-maintenances/upcoming.json", Write(shapes, json => shapes.Maintenances(json, snapshot.Upcoming)));
        yield return ("/api/v2/scheduled-maintenances/active.json", Write(shapes, json => shapes.Maintenances(json, snapshot.Running)));
    }

    private static byte[] Write(Shapes shapes, Action<Utf8JsonWriter> content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonShapes.WriterOptions))
        {
            json.WriteStartObject();
            shapes.Page(json);
            content(json);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    private sealed class Shapes(StatusSnapshot snapshot, PublicAddress address)
    {
        public void Page(Utf8JsonWriter json)
        {
            json.WriteStartObject("page");
            json.WriteString("id", snapshot.PageId.Value);
            json.WriteString("name", snapshot.Name);
            json.WriteString("url", address.Root);
            json.WriteString("time_zone", snapshot.TimeZone);
            json.WriteInstant("updated_at", snapshot.ChangedAt);
            json.WriteEndObject();
        }

        public void Status(Utf8JsonWriter json)
        {
            json.WriteStartObject("status");
            json.WriteString("indicator", Headline.Indicator(snapshot));
            json.WriteString("description", Headline.Description(snapshot));
            json.WriteEndObject();
        }

        public void Components(Utf8JsonWriter json)
        {
            json.WriteStartArray("components");
            foreach (var component in snapshot.Components) JsonShapes.Component(json, component, snapshot.PageId);
            foreach (var group in snapshot.Groups)
                JsonShapes.Group(json, group, snapshot.PageId, [.. snapshot.Components.Where(component => component.GroupId == group.Id)]);
            json.WriteEndArray();
        }

        public void Incidents(Utf8JsonWriter json, IEnumerable<IncidentView> incidents)
        {
            json.WriteStartArray("incidents");
            foreach (var incident in incidents) JsonShapes.Incident(json, snapshot.ShowsSeverity ? incident : incident with { Severity = null }, snapshot, address);
            json.WriteEndArray();
        }

        public void Maintenances(Utf8JsonWriter json, IEnumerable<MaintenanceView> maintenances)
        {
            json.WriteStartArray("scheduled_maintenances");
            foreach (var maintenance in maintenances) JsonShapes.Maintenance(json, maintenance, snapshot, address);
            json.WriteEndArray();
        }
    }
}

/// <summary>The objects that both APIs answer with, field for field as Statuspage has them; our own fields are added keys.</summary>
public static class JsonShapes
{
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteInstant(this Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } value) json.WriteString(name, Instant(value));
        else json.WriteNull(name);
    }

    public static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    public static void Component(Utf8JsonWriter json, ComponentView component, Domain.PageId page)
    {
        json.WriteStartObject();
        json.WriteString("id", component.Id.Value);
        json.WriteString("name", component.Name);
        json.WriteString("status", component.Status.Code());
        json.WriteInstant("created_at", component.CreatedAt);
        json.WriteInstant("updated_at", component.UpdatedAt);
        json.WriteNumber("position", component.Position);
        json.WriteString("description", component.Description);
        json.WriteBoolean("showcase", true);
        json.WriteString("start_date", component.StartDate.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("group_id", component.GroupId?.Value);
        json.WriteString("page_id", page.Value);
        json.WriteBoolean("group", false);
        json.WriteBoolean("only_show_if_degraded", false);
        json.WriteEndObject();
    }

    public static void Group(Utf8JsonWriter json, GroupView group, Domain.PageId page, IReadOnlyList<ComponentView> members)
    {
        json.WriteStartObject();
        json.WriteString("id", group.Id.Value);
        json.WriteString("name", group.Name);
        json.WriteString("status", members.Select(member => member.Status).Worst().Code());
        json.WriteInstant("created_at", group.CreatedAt);
        json.WriteInstant("updated_at", group.UpdatedAt);
        json.WriteNumber("position", group.Position);
        json.WriteNull("description");
        json.WriteBoolean("showcase", false);
        json.WriteNull("start_date");
        json.WriteNull("group_id");
        json.WriteString("page_id", page.Value);
        json.WriteBoolean("group", true);
        json.WriteBoolean("only_show_if_degraded", false);
        json.WriteStartArray("components");
        foreach (var member in members) json.WriteStringValue(member.Id.Value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <param name="forWebhook">Adds what Statuspage has in its webhooks alone.</param>
    public static void Incident(Utf8JsonWriter json, IncidentView incident, StatusSnapshot snapshot, PublicAddress address, bool forWebhook = false)
    {
        json.WriteStartObject();
        json.WriteString("id", incident.Id.Value);
        json.WriteString("name", incident.Title);
        json.WriteString("status", (incident.Postmortem is null ? incident.Phase : Phase.Postmortem).Code());
        json.WriteInstant("created_at", incident.StartedAt);
        json.WriteInstant("updated_at", incident.UpdatedAt);
        json.WriteInstant("monitoring_at", incident.MonitoringAt);
        json.WriteInstant("resolved_at", incident.ResolvedAt);
        json.WriteString("impact", incident.Impact.Code());
        json.WriteString("impact_override", incident.ImpactOverride?.Code());
        json.WriteString("shortlink", address.Of($"/incidents/{incident.Id}"));
        json.WriteInstant("started_at", incident.StartedAt);
        json.WriteString("page_id", snapshot.PageId.Value);
        json.WriteString("severity", incident.Severity?.Code());
        json.WriteStartArray("incident_updates");
        foreach (var update in incident.Updates) Update(json, update, incident.Id, forWebhook);
        json.WriteEndArray();
        json.WriteStartArray("components");
        var touched = incident.Affected.Select(component => component.ComponentId).ToHashSet();
        foreach (var component in snapshot.Components)
            if (touched.Contains(component.Id)) Component(json, component, snapshot.PageId);
        json.WriteEndArray();
        json.WriteNull("reminder_intervals");
        var latest = incident.Latest;
        json.WriteString("impact_summary", latest.ImpactSummary);
        json.WriteString("team_status", latest.TeamStatus);
        json.WriteInstant("next_update_at", incident.NextUpdateBy);
        if (forWebhook) WebhookKeys(json, incident.Postmortem);
        json.WriteEndObject();
    }

    /// <summary>What receivers written for Statuspage may look for, and nothing here has another value for.</summary>
    private static void WebhookKeys(Utf8JsonWriter json, PostmortemView? postmortem)
    {
        json.WriteString("postmortem_body", postmortem?.Body);
        json.WriteInstant("postmortem_body_last_updated_at", postmortem?.UpdatedAt);
        json.WriteInstant("postmortem_published_at", postmortem?.PublishedAt);
        foreach (var key in new[] { "scheduled_for", "scheduled_until", "scheduled_reminded_at" })
            json.WriteNull(key);
        foreach (var key in new[]
        {
            "postmortem_ignored", "postmortem_notified_subscribers", "postmortem_notified_twitter", "backfilled", "scheduled_remind_prior",
            "scheduled_auto_in_progress", "scheduled_auto_completed",
        }) json.WriteBoolean(key, false);
    }

    /// <param name="told">In a webhook: what it tells of, for which Statuspage has more keys.</param>
    public static void Maintenance(Utf8JsonWriter json, MaintenanceView maintenance, StatusSnapshot snapshot, PublicAddress address, MaintenanceTold? told = null)
    {
        json.WriteStartObject();
        json.WriteString("id", maintenance.Id.Value);
        json.WriteString("name", maintenance.Title);
        json.WriteString("status", maintenance.Phase.Code());
        json.WriteInstant("created_at", maintenance.CreatedAt);
        json.WriteInstant("updated_at", maintenance.Latest.At > maintenance.UpdatedAt ? maintenance.Latest.At : maintenance.UpdatedAt);
        json.WriteNull("monitoring_at");
        json.WriteInstant("resolved_at", maintenance.Phase != MaintenancePhase.Completed ? null : maintenance.CancelledAt ?? maintenance.Plan.CompletesAt);
        json.WriteString("impact", "maintenance");
        if (told is not null) json.WriteNull("impact_override");
        json.WriteString("shortlink", address.Of($"/incidents/{maintenance.Id}"));
        json.WriteInstant("started_at", maintenance.Phase == MaintenancePhase.Scheduled ? maintenance.ScheduledFor : maintenance.Plan.StartsAt ?? maintenance.ScheduledFor);
        json.WriteString("page_id", snapshot.PageId.Value);
        json.WriteInstant("scheduled_for", maintenance.ScheduledFor);
        json.WriteInstant("scheduled_until", maintenance.ScheduledUntil);
        json.WriteStartArray("incident_updates");
        // What a reminder or a cancellation says stands in no timeline.
        if (told is not null && maintenance.Story.All(entry => entry.At < told.At || entry.Body != told.Body))
            Entry(json, new(Domain.UpdateId.Of(maintenance.Id.Value), told.Phase, told.Body, told.At, true, true), maintenance.Id);
        foreach (var entry in maintenance.Story) Entry(json, entry, maintenance.Id);
        json.WriteEndArray();
        json.WriteStartArray("components");
        foreach (var component in snapshot.Components)
            if (maintenance.ComponentIds.Contains(component.Id)) Component(json, component, snapshot.PageId);
        json.WriteEndArray();
        if (maintenance.CancelledAt is not null) json.WriteInstant("cancelled_at", maintenance.CancelledAt);
        if (told is { Maintenance: var row })
        {
            json.WriteBoolean("scheduled_remind_prior", row.RemindBefore is not null);
            json.WriteInstant("scheduled_reminded_at", told.Event == MaintenanceEvent.Reminder ? told.At : null);
            json.WriteBoolean("scheduled_auto_in_progress", row.StartsItself);
            json.WriteBoolean("scheduled_auto_completed", row.End != MaintenanceEnd.ByHand);
            json.WriteBoolean("backfilled", false);
        }
        json.WriteEndObject();
    }

    private static void Entry(Utf8JsonWriter json, MaintenanceEntry entry, Domain.MaintenanceId maintenance)
    {
        json.WriteStartObject();
        json.WriteString("id", entry.Id.Value);
        json.WriteString("status", entry.Phase.Code());
        json.WriteString("body", entry.Body);
        json.WriteString("incident_id", maintenance.Value);
        json.WriteInstant("created_at", entry.At);
        json.WriteInstant("updated_at", entry.At);
        json.WriteInstant("display_at", entry.At);
        json.WriteNull("affected_components");
        json.WriteBoolean("deliver_notifications", entry.Notifies);
        json.WriteNull("custom_tweet");
        json.WriteNull("tweet_id");
        json.WriteEndObject();
    }

    public static void Update(Utf8JsonWriter json, UpdateView update, Domain.IncidentId incident, bool forWebhook)
    {
        json.WriteStartObject();
        json.WriteString("id", update.Id.Value);
        json.WriteString("status", update.Phase.Code());
        json.WriteString("body", update.Body);
        json.WriteString("incident_id", incident.Value);
        json.WriteInstant("created_at", update.PostedAt);
        json.WriteInstant("updated_at", update.ChangedAt);
        json.WriteInstant("display_at", update.PostedAt);
        if (update.Affected.Count == 0) json.WriteNull("affected_components");
        else
        {
            json.WriteStartArray("affected_components");
            foreach (var component in update.Affected)
            {
                json.WriteStartObject();
                json.WriteString("code", component.ComponentId.Value);
                json.WriteString("name", component.Name);
                json.WriteString("old_status", component.OldStatus.Code());
                json.WriteString("new_status", component.NewStatus.Code());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteBoolean("deliver_notifications", update.Notifies);
        json.WriteNull("custom_tweet");
        json.WriteNull("tweet_id");
        json.WriteString("impact_summary", update.ImpactSummary);
        json.WriteString("team_status", update.TeamStatus);
        json.WriteInstant("next_update_at", update.NextUpdateBy);
        if (forWebhook)
        {
            json.WriteBoolean("wants_twitter_update", false);
            json.WriteNull("twitter_updated_at");
        }
        json.WriteEndObject();
    }
}
