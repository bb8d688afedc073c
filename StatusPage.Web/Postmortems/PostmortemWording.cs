using System.Globalization;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

internal static class PostmortemWording
{
    /// <summary>How the times of a postmortem read in the page's zone: 10:00, and with the date where it is another day than the beginning.</summary>
    public static PostmortemWords Of(Incident incident, ZoneClock clock)
    {
        var first = clock.DateOf(incident.StartedAt);
        return new(
            at =>
            {
                var time = clock.ToLocal(at).ToString("HH:mm", CultureInfo.InvariantCulture);
                return clock.DateOf(at) == first ? time : $"{clock.BareDate(at)}, {time}";
            },
            clock.BareDate,
            span => ZoneClock.InWords(span),
            ClosedMarkdown.Of
        );
    }
}
