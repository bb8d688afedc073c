using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Channels;

/// <summary>What is announced, an update of an incident or news of a maintenance, with everything that the messages of all channels are made of.</summary>
/// <param name="Subject">The id of the incident or the maintenance.</param>
/// <param name="Label">The phase: "Investigating".</param>
/// <param name="Body">Markdown.</param>
/// <param name="IsCalm">Whether nobody needs to act on it at once.</param>
/// <param name="Tone">Its colour: the worst impact of the incident, green once it is over, blue where it was withdrawn.</param>
/// <param name="Link">Where to read on.</param>
public sealed record News(
    AnnouncementId Id,
    Page Page,
    string Subject,
    string Title,
    string Label,
    string Body,
    DateTimeOffset At,
    bool IsCalm,
    ComponentStatus Tone,
    string Link
)
{
    private readonly ZoneClock _clock = ZoneClock.For(Page.TimeZone, At);

    /// <summary>Null where it is not about an incident.</summary>
    public Incident? Incident { get; private init; }
    public IncidentUpdate? Update { get; private init; }

    /// <summary>Null where it is not about a maintenance.</summary>
    public MaintenanceTold? Maintenance { get; private init; }

    public string PageName => $"{Page.Name} status";
    public string Headline => $"[{Label}] {Title}";
    public string Text { get; } = Markdown.ToText(Body);
    public string PostedAt => _clock.Time(At);
    public string? Impact => Update?.ImpactSummary;
    public string? NextUpdateBy => Update?.NextUpdateBy is { } promise ? _clock.Near(promise, At) : null;
    public string? Window => Maintenance is { Maintenance: var planned } ? _clock.Window(planned.ScheduledFor, planned.ScheduledUntil) : null;

    /// <summary>Impact, Team, Next update, or the window: those that are known, always in this order.</summary>
    public IEnumerable<(string Name, string Value)> Facts
    {
        get
        {
            if (Impact is { } impact)
                yield return ("Impact", impact);
            if (Update?.TeamStatus is { } team)
                yield return ("Team", team);
            if (NextUpdateBy is { } promise)
                yield return ("Next update by", promise);
            if (Window is { } window)
                yield return ("When", window);
        }
    }

    public PostText Post => new(Label, Title, Window is null ? Text : $"{Window}. {Text}", Impact, NextUpdateBy, Link);

    public static News Of(AnnouncementId id, Page page, Incident incident, IncidentUpdate update, string link, bool isCorrection = false)
    {
        return new(
            id,
            page,
            incident.Id.Value,
            incident.Title,
            isCorrection ? $"Corrected, {incident.LabelOf(update).ToLowerInvariant()}" : incident.LabelOf(update),
            update.Body,
            update.PostedAt,
            update.Phase.IsOver(),
            incident.ToneOf(update),
            link
        )
        {
            Incident = incident,
            Update = update,
        };
    }

    public static News Of(AnnouncementId id, Page page, MaintenanceTold told, string link) =>
        new(id, page, told.Maintenance.Id.Value, told.Maintenance.Title, told.Label, told.Body, told.At, told.IsCalm, told.Tone, link)
        {
            Maintenance = told,
        };

    /// <summary>What the test button sends: recognizable as a test, in the same form as real news.</summary>
    public static News Test(Page page, string link, DateTimeOffset now)
    {
        var content = new UpdateContent
        {
            Phase = Phase.Resolved,
            Body = $"This is a test of the connection to {page.Name} status. Nothing is wrong.",
            ImpactSummary = "None: this is only a test",
            TeamStatus = "Trying out this channel",
        };
        var incident = Incident.Open(page.Id, $"Test by {page.Name} status", null, null, content, Domain.Components.ComponentStates.Of(), "test", now);
        return Of(AnnouncementId.New(), page, incident, incident.Latest, link);
    }
}
