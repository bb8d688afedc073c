using System.Text.Encodings.Web;
using System.Text.Json;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public.Feeds;

/// <summary>
/// JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): an item for each incident. Its id is that of the incident's newest update, as in our RSS.
/// </summary>
public static class JsonFeed
{
    /// <summary>The feed goes to feed readers and not into pages, so letters stay as they are.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(StatusSnapshot snapshot, PublicAddress address, Words say)
    {
        snapshot = snapshot.In(say.Language);
        var clock = ZoneClock.For(snapshot.TimeZone, snapshot.AsOf, say);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "https://jsonfeed.org/version/1.1");
            json.WriteString("title", say["{0} - Incident History", snapshot.Name]);
            json.WriteString("home_page_url", address.Of("/"));
            json.WriteString("feed_url", address.Of("/feed.json"));
            json.WriteString("description", say["Incidents of {0}, the newest first.", snapshot.Name]);
            json.WriteString("language", say.Language.Code);
            json.WriteStartArray("authors");
            json.WriteStartObject();
            json.WriteString("name", snapshot.Name);
            json.WriteString("url", address.Of("/"));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartArray("items");
            var maintenances = snapshot.Maintenances.Where(maintenance => maintenance.Phase != MaintenancePhase.Scheduled).Concat(snapshot.Next);
            var items = FeedEntries.Of(
                snapshot.Incidents.Select(incident => (incident.StartedAt, incident)),
                maintenances.Select(maintenance => (maintenance.CreatedAt, maintenance)),
                incident => (Action)(() => Write(json, incident, address, clock)),
                maintenance => () => Write(json, maintenance, snapshot, address, clock)
            );
            foreach (var write in items)
                write();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void Write(Utf8JsonWriter json, IncidentView incident, PublicAddress address, ZoneClock clock)
    {
        var link = address.Of($"/incidents/{incident.Id}");
        Begin(
            json,
            $"{link}#{incident.Latest.Id}",
            link,
            incident.Title,
            string.Concat(incident.Updates.Select(update => IncidentFeed.Html(update, clock))),
            incident.StartedAt,
            incident.UpdatedAt
        );
        json.WriteStartArray("tags");
        foreach (var component in incident.Affected)
            json.WriteStringValue(component.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MaintenanceView maintenance, StatusSnapshot snapshot, PublicAddress address, ZoneClock clock)
    {
        var link = address.Of($"/incidents/{maintenance.Id}");
        var html = System.Net.WebUtility.HtmlEncode(
            $"{clock.Say["THIS IS A SCHEDULED EVENT"]} {clock.Window(maintenance.ScheduledFor, maintenance.ScheduledUntil)}"
        );
        Begin(
            json,
            $"{link}#{maintenance.Latest.Id}",
            link,
            maintenance.Title,
            $"<p><strong>{html}</strong></p>"
                + string.Concat(maintenance.Story.Select(entry => Markdown.ToHtml(entry.IsByClock ? clock.Say[entry.Body] : entry.Body))),
            maintenance.CreatedAt,
            maintenance.Latest.At > maintenance.UpdatedAt ? maintenance.Latest.At : maintenance.UpdatedAt
        );
        json.WriteStartArray("tags");
        foreach (var component in snapshot.Components.Where(row => maintenance.ComponentIds.Contains(row.Id)))
            json.WriteStringValue(component.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, string id, string link, string title, string html, DateTimeOffset published, DateTimeOffset modified)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("url", link);
        json.WriteString("title", title);
        json.WriteString("content_html", html);
        json.WriteString("date_published", ZoneClock.Machine(published));
        json.WriteString("date_modified", ZoneClock.Machine(modified));
    }
}
