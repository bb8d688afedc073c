using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Metrics;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Metrics;

/// <summary>Figures, from a push or from Prometheus, on the page.</summary>
public sealed class MetricsTests(PostgresServer postgres)
{
    private static async Task<MetricId> AddAsync(AppHost app, bool isShown = true)
    {
        using var owner = await app.SignInAsync();
        await owner.FillInAsync(
            "/admin/metrics",
            new
            {
                Name = isShown ? "Response time" : "Secret figure",
                Suffix = "ms",
                IsShown = isShown,
            },
            "form:has(button[data-main])"
        );
        Assert.Equal(HttpStatusCode.OK, owner.Status);
        return await app.InStoreAsync(async db => (await db.Metrics.AsNoTracking().OrderBy(row => row.CreatedAt).LastAsync()).Id);
    }

    private static async Task PushAsync(params string[] arguments)
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. arguments]);
        var (shown, hidden) = (await AddAsync(app), await AddAsync(app, isShown: false));
        using var api = await app.ApiAsync();
        var at = DateTimeOffset.UtcNow.AddMinutes(-12).ToUnixTimeSeconds();
        (await api.PostAsync($"metrics/{shown}/data", new { data = new { timestamp = at, value = 100.0 } })).Expect(HttpStatusCode.Created);
        // Concurrent pushes into the same five minutes lose nothing.
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                    (
                        await api.PostAsync(
                            "metrics/data",
                            new
                            {
                                data = new Dictionary<string, object>
                                {
                                    [shown.Value] = new[] { new { timestamp = at, value = 200.0 } },
                                    [hidden.Value] = new[] { new { timestamp = at, value = 77777.0 } },
                                },
                            }
                        )
                    ).Expect(HttpStatusCode.Accepted)
                )
        );
        var point = await app.InStoreAsync(db => db.MetricPoints.AsNoTracking().SingleAsync(row => row.MetricId == shown));
        Assert.Equal(21, point.Count);
        Assert.Equal((100.0 + 20 * 200) / 21, point.Mean, 6);

        using var owner = await app.SignInAsync();
        await owner.FillInAsync("/admin/settings", new { Name = "Acme" }, "form:has(button[data-main])");
        using var browser = app.NewBrowser();
        var home = await browser.GetAsync("/");
        Assert.Equal("Response time: now 195 ms, mean 195 ms, from 195 ms to 195 ms", home.QuerySelector("svg.chart")!.GetAttribute("aria-label"));
        var whole = await browser.GetAsync("/system-metrics");
        Assert.Equal(3, whole.QuerySelectorAll("svg.chart").Length);
        Assert.Contains("195 ms", whole.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret figure", home.Source.Text + whole.Source.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("77777", home.Source.Text + whole.Source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public Task What_is_pushed_is_drawn() => PushAsync();

    [Fact]
    public async Task What_is_pushed_is_drawn_from_postgresql() => await PushAsync("--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync());

    [Fact]
    public async Task A_wrong_value_is_told_with_its_place_and_none_of_the_rest_is_taken()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var id = await AddAsync(app);
        using var api = await app.ApiAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        object[] bad =
        [
            new { timestamp = now, value = "NaN" },
            new { timestamp = now + 3600, value = 1 },
            new { timestamp = now - 40 * 86400, value = 1 },
            new { value = 1 },
            new { timestamp = now },
            7,
        ];
        foreach (var value in bad)
        {
            var refused = (
                await api.PostAsync(
                    "metrics/data",
                    new { data = new Dictionary<string, object> { [id.Value] = new[] { new { timestamp = now, value = 1 }, value } } }
                )
            ).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Contains($"data.{id}[1]", refused.Text("message"), StringComparison.Ordinal);
        }
        (await api.PostAsync("metrics/zzzzzzzzzzzz/data", new { data = new { timestamp = now, value = 1 } })).Expect(HttpStatusCode.NotFound);
        using var reader = await app.ApiAsync(Role.Auditor);
        (await reader.PostAsync($"metrics/{id}/data", new { data = new { timestamp = now, value = 1 } })).Expect(HttpStatusCode.Forbidden);
        Assert.Equal(0, await app.InStoreAsync(db => db.MetricPoints.CountAsync()));
        using var home = await app.Http.GetAsync("/");
        Assert.Contains("No data", await home.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_Prometheus_is_asked_once_a_minute_and_its_trouble_is_told()
    {
        await using var prometheus = await PrometheusServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Outbound:Allow", "127.0.0.1/32"]);
        using var owner = await app.SignInAsync();
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)(await owner.GetAsync("/admin/metrics")).QuerySelector("form:has(button[data-main])")!;
        form.SetAttribute("action", form.QuerySelector("button[formaction]")!.GetAttribute("formaction"));
        var tried = await owner.SubmitAsync(form, new { Address = prometheus.Url.ToString(), Query = "sum(up)" });
        Assert.Equal("It answers: 1", tried.QuerySelector("[role=status]")!.TextContent);
        await owner.FillInAsync(
            "/admin/metrics",
            new
            {
                Name = "Targets",
                Address = prometheus.Url.ToString(),
                Query = "sum(up)",
            },
            "form:has(button[data-main])"
        );
        await owner.FillInAsync(
            "/admin/metrics",
            new
            {
                Name = "Wrong",
                Address = prometheus.Url.ToString(),
                Query = "sum(",
            },
            "form:has(button[data-main])"
        );
        var watch = app.Services.GetRequiredService<MetricWatch>();
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
        var point = await app.InStoreAsync(db => db.MetricPoints.AsNoTracking().SingleAsync());
        Assert.Equal((1d, 1), (point.Mean, point.Count));
        Assert.Contains(
            "Prometheus does not take the query",
            (await owner.GetAsync("/admin/metrics")).QuerySelector("tbody")!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_address_inside_is_not_asked_unless_it_is_allowed()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var answer = await app.Services.GetRequiredService<Prometheus>().AskAsync("http://127.0.0.1:9", "up", DateTimeOffset.UtcNow);
        Assert.Null(answer.Value);
        Assert.NotNull(answer.Trouble);
        using var owner = await app.SignInAsync();
        var refused = await owner.FillInAsync(
            "/admin/metrics",
            new
            {
                Name = "x",
                Address = "ftp://x",
                Query = "up",
            },
            "form:has(button[data-main])"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.Contains("Enter the address of a Prometheus", refused.ErrorFor("Address"), StringComparison.Ordinal);
    }
}
