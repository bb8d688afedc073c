using System.Globalization;
using System.Net;
using System.Text;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Metrics;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Alerts;

/// <summary>
/// The metric behind an alert as a picture of its own, so that the page that shows it never waits for Prometheus. Prometheus is asked when the picture is.
/// </summary>
public sealed class AlertChartPicture(Prometheus prometheus)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    /// <summary>Three hours.</summary>
    private const int Count = 90;
    private const int Left = 70;
    private const int Above = 30;
    private const int LineLength = 88;

    /// <returns>An SVG document; where there is nothing to draw, it says why.</returns>
    public async Task<string> DrawAsync(AlertChart chart, ZoneClock clock, DateTimeOffset now)
    {
        var (values, trouble) = await prometheus.AskRangeAsync(chart.Address, chart.OneValue, now, Step, Count);
        var most = values.Select(value => Math.Abs(value ?? 0)).DefaultIfEmpty().Max();
        var view = new MetricView(MetricId.Of(""), chart.Query, null, Places(Math.Max(most, Math.Abs(chart.Threshold ?? 0))), [], [], [])
        {
            Until = now,
            HoursUntil = now,
        };
        var drawn = new MetricChart(view, values, Step, clock, chart.Threshold);
        return trouble is not null ? Frame(trouble.ToString(), Lines(trouble.ToString()))
            : drawn.HasData ? Frame(drawn.Summary, Chart(drawn, chart))
            : Frame(clock.Say["No data"], Lines(clock.Say["Prometheus knows no value of the last three hours."]));
    }

    private static string Chart(MetricChart drawn, AlertChart chart)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<text x="{Left}" y="18" class="name">{Html(Text.Cut(chart.OneValue, LineLength))}</text><g transform="translate({Left} {Above})">"""
        );
        foreach (var (y, label) in drawn.Ticks)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<path class="tick" d="M0 {y}H{MetricChart.Width}"/><text x="-8" y="{y + 4}" text-anchor="end">{Html(label)}</text>"""
            );
        foreach (var (x, label) in drawn.Times)
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x}" y="{MetricChart.Height + 20}">{Html(label)}</text>""");
        if (chart.Threshold is { } threshold)
            svg.Append(CultureInfo.InvariantCulture, $"""<path class="limit" d="M0 {drawn.Y(threshold)}H{MetricChart.Width}"/>""");
        return svg.Append(CultureInfo.InvariantCulture, $"""<path class="line" d="{drawn.Path}"/></g>""").ToString();
    }

    private static string Lines(string text)
    {
        var svg = new StringBuilder();
        for (var i = 0; i * LineLength < text.Length && i < 5; i++)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<text x="10" y="{40 + 22 * i}">{Html(text.Substring(i * LineLength, Math.Min(LineLength, text.Length - i * LineLength)))}</text>"""
            );
        return svg.ToString();
    }

    private static string Frame(string says, string content) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""
            <svg xmlns="http://www.w3.org/2000/svg" width="680" height="180" viewBox="0 0 680 180" role="img" aria-label="{{{Html(says)}}}"><title>{{{Html(
                says
            )}}}</title><style>
            text{font:13px system-ui,sans-serif;fill:#56616d}.name{font-family:ui-monospace,monospace}
            path{fill:none;stroke-width:2}.tick{stroke:#dde2e7;stroke-width:1}.line{stroke:#1f5fd0;stroke-linejoin:round}.limit{stroke:#c4320a;stroke-dasharray:6 4;stroke-width:1.5}
            @media(prefers-color-scheme:dark){text{fill:#a4afba}.tick{stroke:#333c46}.line{stroke:#7fb0ff}.limit{stroke:#ff9466}}
            </style>{{{content}}}</svg>
            """
        );

    private static int Places(double most) =>
        most >= 100 ? 0
        : most >= 1 ? 2
        : 4;

    private static string Html(string text) => WebUtility.HtmlEncode(Text.Shown(text));
}
