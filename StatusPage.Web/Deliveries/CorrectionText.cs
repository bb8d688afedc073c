using System.Net;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>The text of a mail about a correction: the corrected update, its earlier words, and its present words.</summary>
/// <param name="About">Which update it was, in a sentence.</param>
/// <param name="Before">The earlier text; null where it is not kept.</param>
/// <param name="Facts">The earlier impact and team status, where those were corrected too.</param>
public sealed record CorrectionText(string About, string ItSaid, string ItSays, string? Before, IReadOnlyList<string> Facts)
{
    public static CorrectionText Of(IncidentUpdate update, ZoneClock clock)
    {
        var say = clock.Say;
        var before = update.Revisions.Count == 0 ? null : update.Revisions[^1];
        var facts = new List<string>();
        if (before?.ImpactSummary is { } impact && impact != update.ImpactSummary)
            facts.Add($"{say["Impact"]}: {impact}");
        if (before?.TeamStatus is { } team && team != update.TeamStatus)
            facts.Add($"{say["Team"]}: {team}");
        return new(
            say["This corrects what we said on {0}.", clock.DateAndTime(update.PostedAt)],
            say["It said before"],
            say["It says now"],
            before?.Body,
            facts
        );
    }

    public string Html(string now) =>
        $"<p>{Encoded(About)}</p>"
        + (
            Before is null
                ? ""
                : $"<p><strong>{Encoded(ItSaid)}</strong></p>"
                    + $"<blockquote>{Markdown.ToHtml(Before)}{string.Concat(Facts.Select(fact => $"<p>{Encoded(fact)}</p>"))}</blockquote>"
        )
        + $"<p><strong>{Encoded(ItSays)}</strong></p>{Markdown.ToHtml(now)}";

    public string Plain(string now)
    {
        var before = Before is null
            ? ""
            : $"{ItSaid}:\n{string.Join('\n', Markdown.ToText(Before).Split('\n').Concat(Facts).Select(line => $"> {line}".TrimEnd()))}\n\n";
        return $"{About}\n\n{before}{ItSays}:\n{Markdown.ToText(now)}";
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
