using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Alerts;

/// <summary>The metric behind an alert, drawn for the writer.</summary>
public sealed class AlertChartTests
{
    [Theory]
    [InlineData("rate(errors[5m]) > 0.05", "rate(errors[5m])", 0.05, false)]
    [InlineData("up == 0", "up", 0.0, false)]
    [InlineData("free_bytes / size_bytes<=1e-1", "free_bytes / size_bytes", 0.1, true)]
    [InlineData("a or b > 5", "a or b > 5", null, false)]
    [InlineData("a > bool 5", "a > bool 5", null, false)]
    [InlineData("""errors{code=~"5.."}""", """errors{code=~"5.."}""", null, false)]
    [InlineData("absent(up)", "absent(up)", null, false)]
    public void The_comparison_becomes_the_limit(string expression, string query, double? threshold, bool isTooLow) =>
        Assert.Equal(new AlertChart("https://p.example", query, threshold, isTooLow), AlertChart.Of("https://p.example", expression));

    [Theory]
    [InlineData("http://evil.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1", "up")]
    [InlineData("http://p.example/graph?g0.tab=1", null)]
    [InlineData("not a link", null)]
    [InlineData(null, null)]
    public void The_link_says_what_to_ask_and_the_source_whom(string? link, string? query)
    {
        var source = AlertSource.Add(PageId.New(), AlertSourceKind.Alertmanager, "A", "", null, null, DateTimeOffset.UnixEpoch);
        Assert.Null(AlertChart.Of(source, null, link));
        source.AskAt("https://p.example/");
        var chart = AlertChart.Of(source, null, link);
        Assert.Equal(query, chart?.Query);
        Assert.Equal(query is null ? null : "https://p.example", chart?.Address);
        var rule = AlertRule.Create(source.PageId, 0, DateTimeOffset.UnixEpoch).Draw("rate(errors[5m])");
        Assert.Equal("rate(errors[5m])", AlertChart.Of(source, rule, link)?.Query);
    }

    [Fact]
    public async Task A_real_Prometheus_draws_it_beside_the_draft_and_its_trouble_is_told()
    {
        await using var prometheus = await PrometheusServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Outbound:Allow", "127.0.0.1/32"]);
        using var owner = await app.SignInAsync();
        var caller = await app.AlertSourceAsync();
        await app.InStoreAsync(async db =>
        {
            var source = await db.AlertSources.SingleAsync();
            source.AskAt(prometheus.Url.ToString());
            return await db.SaveChangesAsync();
        });
        await caller.FireAsync("good", more: ""","link":"http://elsewhere.example/graph?g0.expr=up+%3C+2" """);
        await caller.FireAsync("wrong", more: ""","link":"http://elsewhere.example/graph?g0.expr=sum(" """);
        await caller.FireAsync("none");
        var cases = await app.CasesAsync();

        var draft = await owner.GetAsync($"/admin/incidents/new?draft={cases[0].DraftId}");
        var picture = draft.QuerySelector("img.alert-chart")!.GetAttribute("src")!;
        var svg = (await owner.ReadAsync(picture)).Text;
        Assert.Contains("min(up)", svg, StringComparison.Ordinal);
        Assert.Contains("class=\"limit\"", svg, StringComparison.Ordinal);
        Assert.Contains("class=\"line\" d=\"M", svg, StringComparison.Ordinal);
        System.Xml.Linq.XDocument.Parse(svg);
        var toPage = (await owner.GetAsync($"/admin/alerts/{cases[0].Id}")).QuerySelector("a[href*='/admin/metrics']")!.GetAttribute("href")!;
        Assert.Equal("min(up)", (await owner.GetAsync(toPage)).QuerySelector("#Query")!.GetAttribute("value"));

        var trouble = (await owner.ReadAsync($"/admin/alerts/{cases[1].Id}?handler=Chart")).Text;
        Assert.Contains("Prometheus does not take the query", trouble, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.ReadAsync($"/admin/alerts/{cases[2].Id}?handler=Chart")).Status);
        using var stranger = await app.Http.GetAsync($"/admin/alerts/{cases[0].Id}?handler=Chart");
        Assert.NotEqual(HttpStatusCode.OK, stranger.StatusCode);
    }
}
