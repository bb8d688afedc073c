using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Channels;

/// <summary>What is told: an update of an incident, with everything that the messages of all channels are made of.</summary>
/// <param name="Link">Where to read on.</param>
public sealed record News(AnnouncementId Id, Page Page, Incident Incident, IncidentUpdate Update, string Link)
{
    private readonly ZoneClock _clock = ZoneClock.For(Page.TimeZone);

    public string PageName => $"{Page.Name} status";
    public string Headline => $"[{Update.Phase.Label()}] {Incident.Title}";
    public string Text { get; } = Markdown.ToText(Update.Body);
    public string PostedAt => _clock.Time(Update.PostedAt);
    public string? NextUpdateBy => Update.NextUpdateBy is { } promise ? _clock.Near(promise, Update.PostedAt) : null;

    /// <summary>How it looks: the worst that the incident brought, or green once it is over.</summary>
    public ComponentStatus Tone => Update.Phase.IsOver() ? ComponentStatus.Operational
        : Domain.Snapshot.IncidentView.Of(Incident) is { } view ? new IncidentBlock(view, null!, _clock).Tone : ComponentStatus.DegradedPerformance;

    /// <summary>Impact, Team, Next update: those that are known, always in this order.</summary>
    public IEnumerable<(string Name, string Value)> Facts
    {
        get
        {
            if (Update.ImpactSummary is { } impact) yield return ("Impact", impact);
            if (Update.TeamStatus is { } team) yield return ("Team", team);
            if (NextUpdateBy is { } promise) yield return ("Next update by", promise);
        }
    }

    public PostText Post => new(Update.Phase.Label(), Incident.Title, Text, Update.ImpactSummary, NextUpdateBy, Link);

    /// <summary>What the test button sends: plainly a test, in the same shape as the real thing.</summary>
    public static News Test(Page page, string link, DateTimeOffset now)
    {
        var draft = new UpdateDraft
        {
            Phase = Phase.Resolved, Body = $"This is a test of the connection to {page.Name} status. Nothing is wrong.", ImpactSummary = "None: this is only a test", TeamStatus = "Trying out this channel",
        };
        var (incident, posted) = Incident.Open(page.Id, $"Test by {page.Name} status", null, null, draft, [], "test", now);
        return new(AnnouncementId.New(), page, incident, posted.Update, link);
    }
}
