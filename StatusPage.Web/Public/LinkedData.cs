using System.Text.Json;
using System.Text.Json.Serialization;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>What a page is about, for programs that read pages: JSON-LD in the vocabulary of schema.org. The serializer leaves no "&lt;" in it.</summary>
public static class LinkedData
{
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Of(StatusSnapshot snapshot, string headline, Func<string, string> link, Language language) =>
        Write(
            new()
            {
                ["@context"] = "https://schema.org",
                ["@type"] = "WebPage",
                ["name"] = headline,
                ["url"] = link("/"),
                ["inLanguage"] = language.Code,
                ["dateModified"] = ZoneClock.Machine(snapshot.ChangedAt),
                ["isPartOf"] = new Dictionary<string, object?>
                {
                    ["@type"] = "WebSite",
                    ["name"] = snapshot.Name,
                    ["url"] = link("/"),
                },
                ["about"] = snapshot
                    .Next.Select(maintenance => new Dictionary<string, object?>
                    {
                        ["@type"] = "Event",
                        ["name"] = maintenance.Title,
                        ["startDate"] = ZoneClock.Machine(maintenance.ScheduledFor),
                        ["endDate"] = ZoneClock.Machine(maintenance.ScheduledUntil),
                        ["url"] = link($"/incidents/{maintenance.Id}"),
                        ["eventStatus"] = "https://schema.org/EventScheduled",
                        ["eventAttendanceMode"] = "https://schema.org/OnlineEventAttendanceMode",
                        ["location"] = new Dictionary<string, object?> { ["@type"] = "VirtualLocation", ["url"] = link("/") },
                    })
                    .ToList(),
            }
        );

    public static string Of(IncidentView incident, StatusSnapshot snapshot, Func<string, string> link, Language language) =>
        Write(
            new()
            {
                ["@context"] = "https://schema.org",
                ["@type"] = "NewsArticle",
                ["headline"] = incident.Title,
                ["url"] = link($"/incidents/{incident.Id}"),
                ["inLanguage"] = language.Code,
                ["datePublished"] = ZoneClock.Machine(incident.StartedAt),
                ["dateModified"] = ZoneClock.Machine(incident.UpdatedAt),
                ["articleBody"] = Markdown.ToText(incident.Latest.Body),
                ["author"] = new Dictionary<string, object?>
                {
                    ["@type"] = "Organization",
                    ["name"] = snapshot.Name,
                    ["url"] = link("/"),
                },
            }
        );

    private static string Write(Dictionary<string, object?> data) => JsonSerializer.Serialize(data, Json);
}
