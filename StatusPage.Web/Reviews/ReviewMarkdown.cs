using System.Globalization;
using System.Text;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Records;
using StatusPage.Domain.Reviews;
using StatusPage.Web.Alerts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Reviews;

/// <summary>A review as Markdown, for a wiki or a mail.</summary>
internal static class ReviewMarkdown
{
    private const string None = "–";

    /// <param name="desk">Makes the links to the incidents.</param>
    public static string Write(MonthReview review, string page, ZoneClock clock, PublicAddress desk)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {AlertWords.Plain(page)}: {clock.Month(review.First)}\n\n");
        if (!review.IsOver)
            text.Append("The month is not over yet.\n\n");
        text.Append("## Incidents\n\n");
        Table(
            ["Incident", "Severity", "Began", "Noticed", "Acknowledged", "First update", "Resolved"],
            review.Incidents.Select(record =>
                (string[])
                    [
                        $"[{Cell(record.Title)}]({desk.Of($"/admin/incidents/{record.Id}/record")})",
                        record.Severity?.Code() ?? None,
                        clock.DateAndTime(record.BeganAt),
                        Of(record.ToDetect),
                        Of(record.ToAcknowledge),
                        Of(record.ToFirstUpdate),
                        record.At(IncidentMoment.Resolved) is null ? "open" : Of(record.ToResolve),
                    ]
            ),
            "No incident began in this month."
        );
        text.Append("## Promises\n\n");
        text.Append(
            review.Promises is { } promises
                ? $"{promises.Kept} of {promises.Made} kept ({promises.KeptPercent} %), {promises.Late} late, {promises.Missed} missed.\n\n"
                : "No promise fell due.\n\n"
        );
        text.Append("## Times by severity\n\nEach time is the median.\n\n");
        Table(
            ["Severity", "Incidents", "Noticed", "Acknowledged", "In time", "First update", "In time", "Resolved"],
            review.Times.BySeverity.Select(row =>
                (string[])
                    [
                        row.Severity?.Code() ?? "not rated",
                        row.Figures.Incidents.ToString(CultureInfo.InvariantCulture),
                        Of(row.Figures.Detect.Median),
                        Of(row.Figures.Acknowledge.Median),
                        row.Severity is null ? None : $"{row.Figures.Acknowledge.InTime} of {row.Figures.Acknowledge.Known}",
                        Of(row.Figures.FirstUpdate.Median),
                        row.Severity is null ? None : $"{row.Figures.FirstUpdate.InTime} of {row.Figures.FirstUpdate.Known}",
                        Of(row.Figures.Resolve.Median),
                    ]
            ),
            "No incident, no times."
        );
        text.Append("## Actions\n\n")
            .Append(
                CultureInfo.InvariantCulture,
                $"{review.Actions.Done.Count} done, {review.Actions.Open} open, {review.Actions.Overdue.Count} of them overdue.\n\n"
            );
        foreach (var item in review.Actions.Done)
            text.Append("- [x] ").Append(Line(item)).Append('\n');
        foreach (var item in review.Actions.Overdue)
            text.Append("- [ ] ").Append(Line(item)).Append(", overdue\n");
        if (review.Actions.Done.Count + review.Actions.Overdue.Count > 0)
            text.Append('\n');
        text.Append("## Components that hurt most\n\n");
        Table(
            ["Component", "Major outage", "Partial outage", "Incidents", "Uptime"],
            review.Hurt.Select(row =>
                (string[])
                    [
                        Cell(row.Name),
                        Of(row.Major),
                        Of(row.Partial),
                        row.Incidents.ToString(CultureInfo.InvariantCulture),
                        row.UptimePercent is { } percent ? $"{ZoneClock.Percent(percent, clock.Say)} %" : None,
                    ]
            ),
            "None was down."
        );
        return text.ToString().TrimEnd() + "\n";

        void Table(string[] columns, IEnumerable<string[]> rows, string none)
        {
            var all = rows.ToList();
            if (all.Count == 0)
            {
                text.Append(none).Append("\n\n");
                return;
            }
            text.Append("| ").AppendJoin(" | ", columns).Append(" |\n|").Append(string.Concat(columns.Select(_ => "---|"))).Append('\n');
            foreach (var row in all)
                text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
            text.Append('\n');
        }
    }

    private static string Line(ActionItem item) =>
        AlertWords.Plain(item.Title)
        + (item.Owner is { } owner ? $" ({AlertWords.Plain(owner)}" : " (nobody")
        + (item.DueOn is { } due ? $", due {ZoneClock.Day(due)})" : ")");

    private static string Of(TimeSpan? span) => span is { } took ? (took == TimeSpan.Zero ? "0 min" : ZoneClock.Duration(took)) : None;

    /// <summary>A line in a table.</summary>
    private static string Cell(string text) => AlertWords.Plain(text);
}
