using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Snapshot;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Languages;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Languages;

/// <summary>A date in another year than the reader's shows its year.</summary>
public sealed class YearTests : IAsyncLifetime
{
    private const string Zone = "America/Los_Angeles";

    /// <summary>11 PM on December 31 in the page's zone, which is January in UTC.</summary>
    private static readonly DateTimeOffset NewYearsEve = new(2027, 1, 1, 7, 0, 0, TimeSpan.Zero);

    private AppHost _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppHost.StartAsync("--PublicUrl", "https://status.acme.example");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("en", "Dec 3, 10:00 AM PST", "Dec 3, 2027, 10:00 AM PST", "Dec 3, 18:00 UTC", "Dec 3, 2027, 18:00 UTC")]
    [InlineData("de", "3. Dez., 10:00 PST", "3. Dez. 2027, 10:00 PST", "3. Dez., 18:00 UTC", "3. Dez. 2027, 18:00 UTC")]
    [InlineData("fr", "3 déc., 10:00 PST", "3 déc. 2027, 10:00 PST", "3 déc., 18:00 UTC", "3 déc. 2027, 18:00 UTC")]
    [InlineData("es", "3 dic, 10:00 PST", "3 dic 2027, 10:00 PST", "3 dic, 18:00 UTC", "3 dic 2027, 18:00 UTC")]
    [InlineData("pt", "3 de dez., 10:00 PST", "3 de dez. de 2027, 10:00 PST", "3 de dez., 18:00 UTC", "3 de dez. de 2027, 18:00 UTC")]
    [InlineData("ja", "12月3日 10:00 PST", "2027年12月3日 10:00 PST", "12月3日 18:00 UTC", "2027年12月3日 18:00 UTC")]
    [InlineData("zh", "12月3日 10:00 PST", "2027年12月3日 10:00 PST", "12月3日 18:00 UTC", "2027年12月3日 18:00 UTC")]
    [InlineData("ar", "3 ديسمبر، 10:00 ص PST", "3 ديسمبر 2027، 10:00 ص PST", "3 ديسمبر، 18:00 UTC", "3 ديسمبر 2027، 18:00 UTC")]
    public void Each_language_has_it_where_it_belongs(string code, string here, string hereThen, string utc, string utcThen)
    {
        var clock = ZoneClock.For(Zone, NewYearsEve, Words.Of(Language.Find(code)!));
        var (now, then) = (new DateTimeOffset(2026, 12, 3, 18, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 12, 3, 18, 0, 0, TimeSpan.Zero));
        Assert.Equal((here, hereThen), (clock.DateAndTime(now), clock.DateAndTime(then)));
        Assert.Equal((utc, utcThen), (clock.Utc(now), clock.Utc(then)));
        Assert.Equal(
            (false, true),
            (clock.BareDate(now).Contains("2026", StringComparison.Ordinal), clock.BareDate(then).Contains("2027", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void This_year_is_that_of_the_zone()
    {
        var clock = ZoneClock.For(Zone, NewYearsEve);
        Assert.Equal(
            "Dec 31, 11:00 PM PST to Jan 1, 2027, 1:00 AM PST (Jan 1, 2027, 07:00 UTC to Jan 1, 2027, 09:00 UTC)",
            clock.Window(NewYearsEve, NewYearsEve.AddHours(2))
        );
        Assert.Equal("Dec 31, 2026, 11:00 PM PST", ZoneClock.For(Zone, NewYearsEve.AddHours(1)).DateAndTime(NewYearsEve));
    }

    [Fact]
    public async Task The_first_midnight_of_a_year_makes_pages_and_feeds_anew()
    {
        var rows = Rows();
        var renderer = _app.Services.GetRequiredService<SiteRenderer>();
        var eve = await renderer.RenderAsync(SnapshotBuilder.Build(rows, NewYearsEve), null, null);
        var midnight = NewYearsEve.AddHours(1);
        Assert.Equal(midnight, eve.Snapshot.NextChangeAt);
        var after = await renderer.RenderAsync(SnapshotBuilder.Build(rows, midnight), null, eve);
        Assert.Equal(midnight, after.Snapshot.AsOf);
        foreach (
            var path in new[]
            {
                "/",
                "/history",
                $"/incidents/{rows.Incidents[0].Id}",
                $"/incidents/{rows.Maintenances[0].Id}",
                "/components/api",
                "/history.rss",
                "/history.atom",
                "/feed.json",
                "/components/api/history.atom",
            }
        )
        {
            var (old, made) = (await eve.FindAsync(path), await after.FindAsync(path));
            var (before, now) = (Encoding.UTF8.GetString(old.Plain.Body), Encoding.UTF8.GetString(made.Plain.Body));
            Assert.True(before.Contains("Dec 20, 10:", StringComparison.Ordinal), $"{path} on New Year's Eve: {before}");
            Assert.True(now.Contains("Dec 20, 2026, 10:", StringComparison.Ordinal), $"{path} in the new year: {now}");
            Assert.NotEqual(old.Plain.ETag, made.Plain.ETag);
        }
        var german = Encoding.UTF8.GetString((await after.Translations.FindAsync("/history", new(Language.Find("de")!, IsInAddress: true)))!.Plain.Body);
        Assert.Contains("20. Dez. 2026, 10:", german, StringComparison.Ordinal);
    }

    [Fact]
    public void Posts_name_the_year_of_a_window_that_comes_in_another()
    {
        var page = A.Page(at: NewYearsEve);
        var work = Maintenance.Schedule(page.Id, "Upgrade", "We upgrade.", NewYearsEve.AddDays(30), NewYearsEve.AddDays(30).AddHours(2), [], NewYearsEve);
        var announcement = Domain.Deliveries.Announcement.Of(work, MaintenanceEvent.Scheduled, NewYearsEve);
        var news = News.Of(announcement.Id, page, MaintenanceTold.Of(announcement, work, null)!, "https://status.acme.example");
        Assert.Equal("Jan 30, 2027, 11:00 PM PST to Jan 31, 2027, 1:00 AM PST (Jan 31, 2027, 07:00 UTC to Jan 31, 2027, 09:00 UTC)", news.Window);
        Assert.Contains("Jan 30, 2027", news.Post.Body, StringComparison.Ordinal);
    }

    /// <summary>Everything happened at 10 AM on December 20, and is over.</summary>
    private static SnapshotRows Rows()
    {
        var at = new DateTimeOffset(2026, 12, 20, 18, 0, 0, TimeSpan.Zero);
        var page = A.Page(at: at);
        var api = A.Component(at: at.AddDays(-100), page: page.Id);
        var incident = An.Incident(
            at,
            page: page.Id,
            draft: An.Update(components: (api, Domain.Components.ComponentStatus.DegradedPerformance)),
            components: api
        );
        incident.Post(
            An.Update(Domain.Incidents.Phase.Resolved, components: (api, Domain.Components.ComponentStatus.Operational)),
            Domain.Components.ComponentStates.Of(api),
            "ann",
            at.AddMinutes(30)
        );
        var work = Maintenance.Schedule(page.Id, "Upgrade", "We upgrade.", at.AddMinutes(5), at.AddMinutes(35), [api.Id], at);
        return new()
        {
            Page = page,
            Zone = Zones.Of(page.TimeZone),
            Groups = [],
            Components = [api],
            Incidents = [incident],
            Maintenances = [work],
            States = A.States([api], null, [incident], [work]),
        };
    }
}
