using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Components;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Snapshot;

/// <summary>A page that cannot be renewed does not affect the others, and its failure is reported.</summary>
public sealed class FollowingTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private Task<AppHost> StartAsync() =>
        AppHost.StartAsync(
            null,
            (WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(_time),
            [.. Desk.Owner, "--Page:Name", "Acme"]
        );

    [Fact]
    [Logs(106)]
    public async Task A_page_that_cannot_be_renewed_leaves_the_others_alone_is_named_by_readiness_and_said_at_its_desk()
    {
        await using var app = await StartAsync();
        using var owner = await app.SignInAsync();
        await owner.FillInAsync(
            "/admin/pages",
            new
            {
                Name = "Acme Europe",
                TimeZone = "Europe/Berlin",
                Slug = "eu",
                HostName = "",
            },
            "form:has(button[data-main])"
        );
        var europe = await app.InStoreAsync(db => db.Pages.AsNoTracking().SingleAsync(page => page.Slug == "eu"));
        using var api = await app.ApiAsync();
        Assert.Empty(await BehindAsync(app));

        await BreakAsync(app, europe, isBroken: true);
        await api.OpenIncidentAsync(new { name = "First trouble", body = "x" });
        await ShowsAsync(app, "First trouble");
        Assert.Empty(await BehindAsync(app));
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["Acme Europe"], await BehindAsync(app));
        Assert.Contains(
            "does not follow",
            (await owner.GetAsync("/eu/admin/incidents")).QuerySelector("[role=alert]")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Null((await owner.GetAsync("/admin/incidents")).QuerySelector("[role=alert]"));

        // It is retried again and again; the other pages go on meanwhile.
        await api.OpenIncidentAsync(new { name = "Second trouble", body = "x" });
        await ShowsAsync(app, "Second trouble");
        await BreakAsync(app, europe, isBroken: false);
        await Eventually.TrueAsync(
            "it follows again",
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return (await BehindAsync(app)).Count == 0;
            }
        );
        Assert.Null((await owner.GetAsync("/eu/admin/incidents")).QuerySelector("[role=alert]"));
    }

    [Fact]
    [Logs(106)]
    public async Task The_only_page_of_an_installation_is_tried_again_too()
    {
        await using var app = await StartAsync();
        using var api = await app.ApiAsync();
        var page = await app.PageAsync();
        await BreakAsync(app, page, isBroken: true);
        app.Services.GetRequiredService<PublishBell>().Ring();
        await Eventually.TrueAsync(
            "it is named",
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return (await BehindAsync(app)) is ["Acme"];
            }
        );
        await BreakAsync(app, page, isBroken: false);
        await api.OpenIncidentAsync(new { name = "After all", body = "x" });
        await ShowsAsync(app, "After all");
        Assert.Empty(await BehindAsync(app));
    }

    [Fact]
    [Logs(105)]
    public async Task A_page_that_cannot_be_rendered_tells_the_news_all_the_same()
    {
        await using var app = await StartAsync();
        await app.ComponentAsync("API");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Broken", body = "x" });
        await api.OpenIncidentAsync(new { name = "Good & sound", body = "We see <b>errors</b>." });
        await ShowsAsync(app, "Good &amp; sound");
        var current = app.Services.GetRequiredService<PublicSites>().First.Current!;
        // A view that cannot be rendered, as a fault of ours might leave it.
        var snapshot = current.Snapshot with
        {
            Incidents = [.. current.Snapshot.Incidents.Select(incident => incident.Title == "Broken" ? incident with { Updates = [] } : incident)],
        };
        var edition = await app.Services.GetRequiredService<SiteRenderer>().RenderAsync(snapshot, null, null);
        Assert.Contains("/", edition.Failed);
        var home = Encoding.UTF8.GetString(edition.Find("/")!.Plain.Body);
        Assert.Contains("Good &amp; sound", home, StringComparison.Ordinal);
        Assert.Contains("We see &lt;b&gt;errors&lt;/b&gt;.", home, StringComparison.Ordinal);
        Assert.Contains("API: Operational", home, StringComparison.Ordinal);
        var good = snapshot.Incidents.Single(incident => incident.Title != "Broken");
        Assert.DoesNotContain($"/incidents/{good.Id}", edition.Failed);
    }

    /// <summary>Writes a state that does not exist into the page's component rows, or mends them again.</summary>
    private static Task<int> BreakAsync(AppHost app, Page page, bool isBroken) =>
        app.InStoreAsync(async db =>
        {
            if (!await db.Components.AnyAsync(row => row.PageId == page.Id))
            {
                var component = A.Component("Odd", DateTimeOffset.UtcNow, page.Id);
                db.AddRange(component, component.Set(ComponentStatus.Operational, DateTimeOffset.UtcNow));
                await db.SaveChangesAsync();
            }
            await db.Database.ExecuteSqlRawAsync(
                """UPDATE "ManualStatuses" SET "Status" = {0} WHERE "PageId" = {1}""",
                isBroken ? "Nonsense" : "Operational",
                page.Id.Value
            );
            return await db.Database.ExecuteSqlRawAsync("""UPDATE "Pages" SET "Version" = "Version" + 1 WHERE "Id" = {0}""", page.Id.Value);
        });

    private static async Task<IReadOnlyList<string>> BehindAsync(AppHost app)
    {
        using var ready = await app.Http.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var json = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        return [.. json.RootElement.GetProperty("behind").EnumerateArray().Select(page => page.GetProperty("page").GetString()!)];
    }

    private static Task ShowsAsync(AppHost app, string words) =>
        Eventually.TrueAsync($"the page shows {words}", async () => (await app.Http.GetStringAsync("/")).Contains(words, StringComparison.Ordinal));
}
