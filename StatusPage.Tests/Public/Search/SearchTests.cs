using System.Net;
using StatusPage.Tests.Host;
using StatusPage.Tests.Postmortems;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Public.Search;

/// <summary>Incidents are found by their texts, and days by the calendar.</summary>
public sealed class SearchTests : IAsyncLifetime
{
    private AppHost _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppHost.StartAsync([.. Desk.Owner, "--Demo", "true"]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("certificate", 1)]
    [InlineData("CERTIFICATE identity", 1)]
    [InlineData("api", 2)]
    [InlineData("pool nothing-like-that", 0)]
    public async Task All_words_must_be_there(string words, int found)
    {
        using var browser = _app.NewBrowser();
        var page = await browser.GetAsync($"/search?q={Uri.EscapeDataString(words)}");
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Equal(found, page.QuerySelectorAll(".past-incident").Length);
        Assert.Equal(words, page.QuerySelector("#q")!.GetAttribute("value"));
    }

    /// <summary>What is written in one way is found in any other.</summary>
    [Theory]
    [InlineData("ОШИБКА сервера", "ошибка")]
    [InlineData("ＡＰＩ障害　東京", "api障害")]
    [InlineData("API障害 東京", "ＡＰＩ　東京")]
    [InlineData("Daten\u00adbank", "datenbank")]
    [InlineData("Datenbank", "daten\u00adbank")]
    [InlineData("ΣΦΑΛΜΑΤΟΣ", "σφάλματος")]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("Störung", "storung")]
    public async Task Case_width_and_what_nobody_sees_make_no_difference(string written, string sought)
    {
        using var api = await _app.ApiAsync();
        var title = $"{written} {Guid.NewGuid():N}";
        (
            await api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = title,
                        body = "x",
                        deliver_notifications = false,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        using var browser = _app.NewBrowser();
        await Eventually.TrueAsync(
            "it is found",
            async () =>
                (await browser.GetAsync($"/search?q={Uri.EscapeDataString(sought)}")).Body!.TextContent.Contains(title[^32..], StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_maintenance_is_found()
    {
        using var browser = _app.NewBrowser();
        var page = await browser.GetAsync("/");
        var title = page.QuerySelector(".incident.under_maintenance .item a")!.TextContent;
        var found = await browser.GetAsync($"/search?q={Uri.EscapeDataString(title)}");
        Assert.Contains(found.QuerySelectorAll(".item a"), link => link.TextContent == title);
    }

    [Fact]
    public async Task What_is_typed_is_shown_as_text_and_sets_no_cookie()
    {
        using var answer = await _app.Http.GetAsync(new Uri("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", UriKind.Relative));
        var html = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_calendar_marks_the_days_and_leads_to_what_happened()
    {
        using var browser = _app.NewBrowser();
        var page = await browser.GetAsync("/history");
        var tables = page.QuerySelectorAll(".calendar table");
        Assert.InRange(tables.Length, 3, 4);
        Assert.Equal(
            90,
            page.QuerySelectorAll(
                ".calendar td.operational, .calendar td.degraded_performance, .calendar td.partial_outage, .calendar td.major_outage"
            ).Length
        );
        var day = page.QuerySelector(".calendar td.major_outage a")!;
        Assert.Contains("major outage, Full outage of the API", day.GetAttribute("aria-label"), StringComparison.Ordinal);
        Assert.Equal("Full outage of the API", (await browser.GetAsync(day.GetAttribute("href")!)).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task A_postmortem_is_public_once_it_is_published()
    {
        using var owner = await _app.SignInAsync();
        var path = (await owner.GetAsync("/admin/incidents"))
            .QuerySelectorAll("a")
            .First(link => link.TextContent == "Exports stuck")
            .GetAttribute("href")!;
        var id = path.Split('/')[^1];
        var incident = Domain.IncidentId.Of(id);
        await owner.BeginPostmortemAsync(incident);
        await owner.WritePostmortemAsync(incident, "Root Cause", "A *malformed* import.");
        using var browser = _app.NewBrowser();
        Assert.Null((await browser.GetAsync($"/incidents/{id}")).QuerySelector(".postmortem"));
        await owner.PublishPostmortemAsync(incident);
        var shown = await browser.GetAsync($"/incidents/{id}");
        Assert.Equal("malformed", shown.QuerySelector(".postmortem em")!.TextContent);
        using var json = System.Text.Json.JsonDocument.Parse(await _app.Http.GetStringAsync(new Uri("/api/v2/incidents.json", UriKind.Relative)));
        Assert.Equal(
            "postmortem",
            json.RootElement.GetProperty("incidents")
                .EnumerateArray()
                .Single(incident => incident.GetProperty("id").GetString() == id)
                .GetProperty("incident_updates")[0]
                .GetProperty("status")
                .GetString()
        );
        await owner.FillInAsync($"{path}/postmortem/public", new { }, "form[action*=Hide]");
        Assert.Null((await browser.GetAsync($"/incidents/{id}")).QuerySelector(".postmortem"));
    }

    [Fact]
    public async Task The_owner_says_how_much_of_a_partial_outage_counts()
    {
        using var browser = _app.NewBrowser();
        double Uptime(AngleSharp.Html.Dom.IHtmlDocument page) =>
            double.Parse(page.QuerySelectorAll(".scale span")[1].TextContent.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var before = Uptime(await browser.GetAsync("/components/authentication"));
        using var owner = await _app.SignInAsync();
        await owner.FillInAsync("/admin/settings", new { PartialPercent = 100 }, "form:has(button[data-main])");
        Assert.True(Uptime(await browser.GetAsync("/components/authentication")) < before);
        var refused = await owner.FillInAsync("/admin/settings", new { PartialPercent = 101 }, "form:has(button[data-main])");
        Assert.Equal("Enter a number between 0 and 100.", refused.ErrorFor("PartialPercent"));
    }
}
