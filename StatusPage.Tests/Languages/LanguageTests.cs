using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Languages;

/// <summary>One page in eight languages, from one snapshot.</summary>
public sealed class LanguageTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Page:Name",
            "Acme",
            "--Page:TimeZone",
            "America/Los_Angeles",
            "--Email:Smtp",
            _mail.Url,
            "--Email:From",
            "Acme <status@acme.example>",
        ]);
        _owner = await _app.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept = null, string? etag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", accept);
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        return await _app.Http.SendAsync(request);
    }

    private async Task<ReceivedMail> MailAsync(string address, int number = 1)
    {
        await _mail.WaitUntilAsync($"mail {number} to {address}", _ => _mail.To(address).Count >= number);
        return _mail.To(address)[number - 1];
    }

    [Fact]
    public async Task The_address_or_the_browser_chooses_and_caches_can_tell_them_apart()
    {
        await _app.ComponentAsync();
        using var plain = await GetAsync("/");
        Assert.Equal(
            ("en", "Accept-Encoding, Accept-Language"),
            (string.Join(",", plain.Content.Headers.ContentLanguage), string.Join(", ", plain.Headers.Vary))
        );
        using var wished = await GetAsync("/", "de-AT,de;q=0.9");
        var german = await wished.Content.ReadAsStringAsync();
        Assert.Contains("""<html lang="de" dir="ltr">""", german, StringComparison.Ordinal);
        Assert.Contains("Alle Systeme betriebsbereit", german, StringComparison.Ordinal);
        Assert.NotEqual(plain.Headers.ETag, wished.Headers.ETag);
        using var addressed = await GetAsync("/de/", "fr");
        Assert.Equal(german, await addressed.Content.ReadAsStringAsync());
        Assert.Equal(("de", "Accept-Encoding"), (string.Join(",", addressed.Content.Headers.ContentLanguage), string.Join(", ", addressed.Headers.Vary)));
        using var again = await GetAsync("/", "de", wished.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var other = await GetAsync("/", "fr", wished.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.False(other.Headers.Contains("Set-Cookie"));
        using var missing = await GetAsync("/ar/nothing");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("""<html lang="ar" dir="rtl">""", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var path in new[] { "/nl/", "/de/admin", "/de/v1/pages", "/dex", "/de/de/" })
        {
            using var none = await GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public async Task Links_stay_inside_of_the_language_and_name_the_others()
    {
        await _app.ComponentAsync("API");
        using var browser = _app.NewBrowser();
        var page = await browser.GetAsync("/ja/");
        Assert.Equal(
            ["/ja/components/api", "/ja/history", "/ja/subscribe"],
            page.QuerySelectorAll("main a, header a")
                .Select(link => link.GetAttribute("href")!)
                .Where(href => href != "/ja/")
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        Assert.EndsWith("/ja/", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(
            ["x-default", "en", "de", "fr", "es", "pt", "ja", "zh", "ar"],
            page.QuerySelectorAll("link[hreflang]").Select(link => link.GetAttribute("hreflang"))
        );
        Assert.Equal("日本語", page.QuerySelector(".tongues [aria-current]")!.TextContent);
        foreach (
            var path in new[]
            {
                "/ja/components/api",
                "/ja/history",
                "/ja/subscribe",
                "/ja/history.rss",
                "/ja/history.atom",
                "/ja/components/api/history.rss",
                "/ja/search?q=api",
            }
        )
        {
            using var answer = await GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
        using var feed = await GetAsync("/ja/history.atom");
        var atom = await feed.Content.ReadAsStringAsync();
        Assert.Contains("xml:lang=\"ja\"", atom, StringComparison.Ordinal);
        Assert.Contains("/ja/history.atom\"", atom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_carries_translations_onto_the_page_into_feeds_and_mails()
    {
        await _app.SubscriberAsync("ann@customer.example");
        using var reader = _app.NewBrowser();
        await reader.FillInAsync("/de/subscribe", new { Email = "bert@customer.example" });
        var confirm = await MailAsync("bert@customer.example");
        Assert.Contains("Bestätigen Sie Ihr Abonnement", confirm.Message.Subject, StringComparison.Ordinal);
        await _app.InStoreAsync(db =>
            db.Subscribers.Where(row => row.Email == "bert@customer.example")
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, SubscriptionState.Confirmed))
        );
        await _owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Update.Translations[de].Title"] = "Mehr Fehler an unserer API",
                ["Update.Translations[de].Body"] = "Wir untersuchen *mehr* Fehler an unserer API.",
                ["Update.Translations[de].ImpactSummary"] = "Etwa 15 % der Anfragen",
            },
            "form[data-compose]"
        );
        var id = _owner.Location.AbsolutePath.Split('/')[^1];

        var german = await reader.GetAsync($"/de/incidents/{id}");
        Assert.Equal("Mehr Fehler an unserer API", german.QuerySelector("h1")!.TextContent);
        Assert.Equal("mehr", german.QuerySelector(".body em")!.TextContent);
        Assert.Equal(
            ["Etwa 15 % der Anfragen", "Working on identifying root cause"],
            german.QuerySelectorAll(".facts dd").Take(2).Select(fact => fact.TextContent)
        );
        var english = await reader.GetAsync($"/incidents/{id}");
        Assert.Equal("Elevated error rates on our API", english.QuerySelector("h1")!.TextContent);
        Assert.DoesNotContain("untersuchen", english.Source.Text, StringComparison.Ordinal);
        using var feed = await GetAsync("/de/history.rss");
        Assert.Contains("Wir untersuchen", await feed.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var mail = await MailAsync("bert@customer.example", 2);
        Assert.Equal("[Acme] Wird untersucht: Mehr Fehler an unserer API", mail.Message.Subject);
        Assert.Contains("Auswirkung: Etwa 15 % der Anfragen", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"/de/incidents/{id}", mail.Text, StringComparison.Ordinal);
        Assert.Contains("""<html lang="de" dir="ltr">""", mail.Html, StringComparison.Ordinal);
        var own = await MailAsync("ann@customer.example");
        Assert.Equal("[Acme] Investigating: Elevated error rates on our API", own.Message.Subject);
        Assert.Contains($"/incidents/{id}", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/de/", own.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_translation_can_follow_later_and_goes_with_a_correction()
    {
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        var id = _owner.Location.AbsolutePath.Split('/')[^1];
        var update = (await _app.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates).SingleAsync())).Updates[0].Id;
        var path = $"/admin/incidents/{id}/updates/{update}";
        await _owner.FillInAsync(path, new Dictionary<string, object?> { ["Translations[fr].Body"] = "Nous enquêtons." }, "form[action*=Translate]");
        using var browser = _app.NewBrowser();
        Assert.Equal("Nous enquêtons.", (await browser.GetAsync($"/fr/incidents/{id}")).QuerySelector(".body p")!.TextContent);
        Assert.Equal("Nous enquêtons.", (await _owner.GetAsync(path)).QuerySelector("#tr-fr-body")!.TextContent.Trim());
        await _owner.FillInAsync(path, new { Body = "It is the database." }, "form[action*=Correct]");
        Assert.Equal("It is the database.", (await browser.GetAsync($"/fr/incidents/{id}")).QuerySelector(".body p")!.TextContent);
    }

    [Fact]
    public async Task The_owner_chooses_what_the_page_speaks_by_itself()
    {
        await _app.ComponentAsync();
        await _owner.FillInAsync("/admin/settings", new { Language = "es" }, "form:has(button[data-main])");
        using var browser = _app.NewBrowser();
        var page = await browser.GetAsync("/");
        Assert.Equal("es", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Todos los sistemas operativos", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("All systems operational", (await browser.GetAsync("/en/")).QuerySelector("h1")!.TextContent);
        await _owner.FillInAsync("/admin/incidents/new", Desk.Example(), "form[data-compose]");
        Assert.Equal("One open incident", (await _owner.GetAsync("/admin")).QuerySelector("h1")!.TextContent);
    }
}
