using System.Globalization;
using System.Net;
using System.Text;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Public;

/// <summary>
/// The news without any styling. It stands in for a page that could not be rendered, since its reader wants the news and not an old page. It is written by
/// hand from words alone, so that whatever made the page fail does not matter here.
/// </summary>
internal static class PlainPage
{
    public static byte[] Of(StatusSnapshot snapshot, IncidentView? only = null)
    {
        var html = new StringBuilder();
        var name = WebUtility.HtmlEncode(snapshot.Name);
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{name} status</title></head>
            <body><h1>{(only is null ? $"{name}: {WebUtility.HtmlEncode(Headline.Of(snapshot))}" : name)}</h1>

            """
        );
        if (only is not null)
            Incident(html, only, heading: 2);
        else
        {
            html.Append("<ul>\n");
            foreach (var component in snapshot.Components)
                html.Append(CultureInfo.InvariantCulture, $"<li>{WebUtility.HtmlEncode(component.Name)}: {component.Status.Label()}</li>\n");
            html.Append("</ul>\n");
            foreach (var incident in snapshot.Open.Take(OpenIncidents.InFull))
                Incident(html, incident, heading: 2);
        }
        html.Append(CultureInfo.InvariantCulture, $"<p>As of {ZoneClock.Machine(snapshot.ChangedAt)}</p></body></html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static void Incident(StringBuilder html, IncidentView incident, int heading)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h{heading}>{incident.Phase.Label()}: {WebUtility.HtmlEncode(incident.Title)}</h{heading}>\n");
        foreach (var update in incident.Updates)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<p>{ZoneClock.Machine(update.PostedAt)} {update.Phase.Label()}</p>\n"
                    + $"{(update.WithdrawnAt is null ? Markdown.AsTyped(update.Body) : WebUtility.HtmlEncode(update.WithdrawnBecause))}\n"
            );
    }
}
