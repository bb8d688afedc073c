using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using StatusPage.Domain;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public.Feeds;

/// <summary>
/// iCalendar (RFC 5545) of maintenances, and of incidents. Times are in UTC, which every calendar shows in its reader's own zone. Nothing in it is
/// "now": stamps are those of the last change, so that the bytes stay until something changes.
/// </summary>
public static class CalendarFeed
{
    public static byte[] Maintenances(StatusSnapshot snapshot, PublicAddress address, Words say)
    {
        var calendar = New(snapshot.TimeZone, $"{snapshot.Name}: {say["Maintenance"]}");
        foreach (
            var maintenance in snapshot
                .Maintenances.Concat(snapshot.Cancelled)
                .OrderBy(maintenance => maintenance.ScheduledFor)
                .ThenBy(maintenance => maintenance.Id.Value, StringComparer.Ordinal)
        )
            calendar.Events.Add(Event(maintenance, NamesOf(snapshot, maintenance), address, say));
        return Write(calendar);
    }

    /// <summary>One maintenance, for a reader's own calendar.</summary>
    public static byte[] Of(MaintenanceView maintenance, StatusSnapshot snapshot, PublicAddress address, Words say) =>
        Of(maintenance, snapshot.Name, snapshot.TimeZone, NamesOf(snapshot, maintenance), address, say);

    /// <summary>The same, as its page and its mails bring it along. A calendar that knows it from the feed takes it for the same.</summary>
    public static byte[] Of(MaintenanceView maintenance, string page, string zone, IReadOnlyList<string> components, PublicAddress address, Words say)
    {
        var calendar = New(zone, $"{page}: {maintenance.Title}");
        calendar.Events.Add(Event(maintenance, components, address, say));
        return Write(calendar);
    }

    private static IReadOnlyList<string> NamesOf(StatusSnapshot snapshot, MaintenanceView maintenance) =>
        [.. snapshot.Components.Where(component => maintenance.ComponentIds.Contains(component.Id)).Select(component => component.Name)];

    private static CalendarEvent Event(MaintenanceView maintenance, IReadOnlyList<string> components, PublicAddress address, Words say)
    {
        var isCancelled = maintenance.CancelledAt is not null;
        var changed =
            maintenance.CancelledAt
            ?? (
                maintenance.Phase != MaintenancePhase.Scheduled && maintenance.Latest.At > maintenance.UpdatedAt
                    ? maintenance.Latest.At
                    : maintenance.UpdatedAt
            );
        return Event(
            $"maintenance-{maintenance.Id}@{address.Host}",
            maintenance.Title,
            $"{say[isCancelled ? "Cancelled" : maintenance.Phase.Label()]}\n\n{Markdown.ToText(maintenance.Body)}"
                + (components.Count == 0 ? "" : $"\n\n{say["Affects"]} {string.Join(", ", components)}"),
            maintenance.ScheduledFor,
            maintenance.ScheduledUntil,
            maintenance.CreatedAt,
            changed,
            address.Of($"/incidents/{maintenance.Id}"),
            isCancelled ? EventStatus.Cancelled : EventStatus.Confirmed
        );
    }

    public static byte[] Incidents(StatusSnapshot snapshot, PublicAddress address, Words say)
    {
        snapshot = snapshot.In(say.Language);
        var calendar = New(snapshot.TimeZone, say["{0} - Incident History", snapshot.Name]);
        foreach (var incident in snapshot.Incidents)
        {
            var latest = incident.Latest;
            var end = incident.ResolvedAt ?? incident.UpdatedAt;
            calendar.Events.Add(
                Event(
                    $"incident-{incident.Id}@{address.Host}",
                    incident.Title,
                    $"{say[incident.Label]}\n\n{Markdown.ToText(latest.Body)}",
                    incident.StartedAt,
                    end > incident.StartedAt.AddMinutes(1) ? end : incident.StartedAt.AddMinutes(1),
                    incident.StartedAt,
                    incident.UpdatedAt,
                    address.Of($"/incidents/{incident.Id}"),
                    incident.WithdrawnAt is null ? EventStatus.Confirmed : EventStatus.Cancelled
                )
            );
        }
        return Write(calendar);
    }

    private static Calendar New(string zone, string name)
    {
        var calendar = new Calendar
        {
            Method = CalendarMethods.Publish,
            ProductId = "-//StatusPage//Status page//EN",
            Version = "2.0",
        };
        name = Text.Shown(name, allowed: "");
        calendar.AddProperty("X-WR-CALNAME", name);
        calendar.AddProperty("NAME", name);
        calendar.AddProperty("X-WR-TIMEZONE", zone);
        calendar.AddProperty("X-PUBLISHED-TTL", "PT1H");
        calendar.AddProperty(new CalendarProperty("REFRESH-INTERVAL", "PT1H") { Parameters = { new CalendarParameter("VALUE", "DURATION") } });
        return calendar;
    }

    private static CalendarEvent Event(
        string id,
        string title,
        string text,
        DateTimeOffset from,
        DateTimeOffset until,
        DateTimeOffset created,
        DateTimeOffset changed,
        string link,
        string status
    ) =>
        new()
        {
            Uid = id,
            Summary = Text.Shown(title, allowed: ""),
            Description = Text.Shown(text),
            DtStart = At(from),
            DtEnd = At(until),
            Created = At(created),
            LastModified = At(changed),
            DtStamp = At(changed),
            Url = new Uri(link),
            Status = status,
            Transparency = TransparencyType.Transparent,
            // Grows with each change and with nothing else, as RFC 5545, section 3.8.7.4, asks.
            Sequence = (int)Math.Clamp((changed - created).TotalSeconds, 0, int.MaxValue),
        };

    private static CalDateTime At(DateTimeOffset instant) => new(instant.UtcDateTime.AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerSecond)), "UTC");

    private static byte[] Write(Calendar calendar) => FoldedLines.Of(new CalendarSerializer().SerializeToString(calendar)!);
}
