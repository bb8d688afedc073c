using System.Net;
using System.ServiceModel.Syndication;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Ical.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Public.Feeds;

/// <summary>Every format, read as its readers do.</summary>
public sealed class FeedFormatTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme", "--Page:TimeZone", "America/Los_Angeles"]);
        _api = await _app.ApiAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<SyndicationFeed> FeedAsync(string path)
    {
        using var reader = XmlReader.Create(new MemoryStream(await _app.Http.GetByteArrayAsync(path)));
        return SyndicationFeed.Load(reader);
    }

    private async Task<string> GuidAsync() => (string)XDocument.Parse(await _app.Http.GetStringAsync("/history.rss")).Descendants("guid").Single();

    [Fact]
    public async Task Each_update_is_news_to_readers_of_rss_and_json_and_there_is_one_item_for_an_incident()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        var first = await GuidAsync();
        using var before = JsonDocument.Parse(await _app.Http.GetStringAsync("/feed.json"));
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "identified", body = "Found." } });
        var second = await GuidAsync();
        Assert.NotEqual(first, second);
        Assert.Equal(first.Split('#')[0], second.Split('#')[0]);
        using var after = JsonDocument.Parse(await _app.Http.GetStringAsync("/feed.json"));
        var (old, now) = (before.RootElement.GetProperty("items")[0], after.RootElement.GetProperty("items")[0]);
        Assert.NotEqual(old.GetProperty("id").GetString(), now.GetProperty("id").GetString());
        Assert.Equal(old.GetProperty("date_published").GetString(), now.GetProperty("date_published").GetString());
        Assert.Equal(1, after.RootElement.GetProperty("items").GetArrayLength());
        Assert.Equal("https://jsonfeed.org/version/1.1", after.RootElement.GetProperty("version").GetString());
        Assert.Equal(2, (await FeedAsync($"/incidents/{id}.atom")).Items.Select(item => item.Id).Distinct().Count());
        Assert.Equal(2, (await FeedAsync($"/incidents/{id}.rss")).Items.Count());
    }

    [Theory]
    [InlineData("/history.rss", "application/rss+xml")]
    [InlineData("/history.atom", "application/atom+xml")]
    [InlineData("/feed.json", "application/feed+json")]
    [InlineData("/components/api/history.rss", "application/rss+xml")]
    [InlineData("/components/api/history.atom", "application/atom+xml")]
    [InlineData("/maintenance.ics", "text/calendar")]
    [InlineData("/history.ics", "text/calendar")]
    public async Task Each_has_its_type_and_can_be_asked_for_again(string path, string type)
    {
        await _app.ComponentAsync("API");
        using var answer = await _app.Http.GetAsync(path);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(answer.Content.Headers.LastModified);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfModifiedSince = answer.Content.Headers.LastModified;
        Assert.Equal(HttpStatusCode.NotModified, (await _app.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Rss_names_its_own_address_and_all_links_are_absolute()
    {
        await _app.ComponentAsync("API");
        await _api.OpenIncidentAsync();
        var rss = XDocument.Parse(await _app.Http.GetStringAsync("/components/api/history.rss"));
        XNamespace atom = "http://www.w3.org/2005/Atom";
        Assert.EndsWith(
            "/components/api/history.rss",
            (string)rss.Descendants(atom + "link").Single(link => (string?)link.Attribute("rel") == "self").Attribute("href")!,
            StringComparison.Ordinal
        );
        foreach (var path in new[] { "/history.rss", "/history.atom" })
        {
            var feed = await FeedAsync(path);
            Assert.All(feed.Links.Concat(feed.Items.SelectMany(item => item.Links)), link => Assert.True(link.Uri.IsAbsoluteUri));
        }
    }

    /// <summary>As a reader does that knows no namespaces.</summary>
    [Fact]
    public async Task A_channel_of_rss_has_one_link_by_name()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        foreach (var path in new[] { "/history.rss", $"/incidents/{id}.rss" })
        {
            var text = await _app.Http.GetStringAsync(path);
            Assert.Contains("<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\">", text, StringComparison.Ordinal);
            Assert.Contains("<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"http", text, StringComparison.Ordinal);
            var channel = text[..text.IndexOf("<item>", StringComparison.Ordinal)];
            Assert.Equal(1, channel.Split("<link").Length - 1);
        }
    }

    [Fact]
    public async Task A_readers_preferred_language_changes_no_guid_and_no_link()
    {
        var id = (await _api.OpenIncidentAsync()).Id;
        foreach (var path in new[] { "/history.rss", "/history.atom", $"/incidents/{id}.rss", "/feed.json", "/history.ics" })
        {
            var plain = await _app.Http.GetStringAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptLanguage.ParseAdd("de");
            var german = await (await _app.Http.SendAsync(request)).Content.ReadAsStringAsync();
            Assert.NotEqual(plain, german);
            Assert.Contains($"/incidents/{id}", german, StringComparison.Ordinal);
            Assert.DoesNotContain("/de/", german, StringComparison.Ordinal);
        }
        Assert.Contains($"/de/incidents/{id}", await _app.Http.GetStringAsync("/de/history.rss"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_incident_does_not_fall_out_behind_fifty_newer_ones()
    {
        var open = (await _api.OpenIncidentAsync(new { name = "Long", body = "Still open." })).Id;
        for (var i = 0; i < 51; i++)
        {
            var id = (
                await _api.OpenIncidentAsync(
                    new
                    {
                        name = $"Short {i}",
                        body = "x",
                        deliver_notifications = false,
                    }
                )
            ).Id;
            await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Over." } });
        }
        foreach (var path in new[] { "/history.rss", "/history.atom", "/feed.json" })
        {
            var text = await _app.Http.GetStringAsync(path);
            Assert.Contains($"/incidents/{open}", text, StringComparison.Ordinal);
            Assert.Contains("Short 3", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Short 0", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Odd_characters_break_no_feed()
    {
        await _api.OpenIncidentAsync(new { name = "Quotes \" and ]]> and 🚨 <b>", body = "A CDATA end ]]> & 🚨" });
        foreach (var path in new[] { "/history.rss", "/history.atom" })
            Assert.Contains("🚨", Assert.Single((await FeedAsync(path)).Items).Title.Text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await _app.Http.GetStringAsync("/feed.json"));
        Assert.Contains("]]>", json.RootElement.GetProperty("items")[0].GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_maintenance_is_an_event_that_is_changed_and_cancelled_in_place()
    {
        using var owner = await _app.SignInAsync();
        await owner.FillInAsync(
            "/admin/maintenances/new",
            new Dictionary<string, object?>
            {
                ["Title"] = "Database, upgrade; with commas",
                ["Body"] = string.Join(' ', Enumerable.Repeat("Two interruptions.", 20)),
                ["ScheduledFor"] = "2031-03-01T10:00",
                ["ScheduledUntil"] = "2031-03-01T12:00",
            },
            "main form"
        );
        var id = (await _app.InStoreAsync(db => db.Maintenances.AsNoTracking().SingleAsync())).Id;
        var text = await _app.Http.GetStringAsync("/maintenance.ics");
        Assert.All(text.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        var first = Assert.Single(Calendar.Load(text)!.Events);
        Assert.Equal("Database, upgrade; with commas", first.Summary);
        Assert.Equal(new DateTime(2031, 3, 1, 18, 0, 0, DateTimeKind.Utc), first.DtStart!.AsUtc);
        Assert.Equal(text, await _app.Http.GetStringAsync("/maintenance.ics"));
        Assert.Contains("METHOD:PUBLISH", text, StringComparison.Ordinal);

        var path = $"/admin/maintenances/{id}";
        await owner.SubmitAsync((await owner.GetAsync(path)).Form("Cancel"), new { });
        var last = Assert.Single(Calendar.Load(await _app.Http.GetStringAsync("/maintenance.ics"))!.Events);
        Assert.Equal((first.Uid, "CANCELLED"), (last.Uid, last.Status));
        Assert.True(last.Sequence >= first.Sequence);
    }

    [Fact]
    public async Task An_incident_is_an_event_that_ends_when_it_is_resolved()
    {
        var id = (await _api.OpenIncidentAsync(new { name = "Errors", body = "We look." })).Id;
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "Done." } });
        var found = Assert.Single(Calendar.Load(await _app.Http.GetStringAsync("/history.ics"))!.Events);
        Assert.Equal(("Errors", "CONFIRMED"), (found.Summary, found.Status));
        Assert.EndsWith($"/incidents/{id}", found.Url!.ToString(), StringComparison.Ordinal);
    }
}
