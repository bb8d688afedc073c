using System.Net;
using Microsoft.EntityFrameworkCore;
using StatusPage.Tests.Host;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Hosting;

/// <summary>The headers that every answer carries for browsers.</summary>
public sealed class HeaderTests : IAsyncLifetime
{
    private AppHost _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, "--PublicUrl", "https://status.acme.example", "--Demo", "true"]);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("/", "same-origin")]
    [InlineData("/history", "same-origin")]
    [InlineData("/de", "same-origin")]
    [InlineData("/nothing", "same-origin", 404)]
    [InlineData("/api/nothing", "same-origin", 404)]
    [InlineData("/v1/pages", "same-origin", 401)]
    [InlineData("/admin", "same-origin", 302)]
    [InlineData("/admin/sign-in", "same-origin")]
    [InlineData("/subscribe", "same-origin")]
    [InlineData("/search?q=a", "same-origin")]
    [InlineData("/healthz/live", "same-origin")]
    [InlineData("/robots.txt", "same-origin")]
    [InlineData("/push-worker.js", "same-origin")]
    [InlineData("/favicon.svg", "same-origin")]
    [InlineData("/assets/nothing.css", "same-origin", 404)]
    [InlineData("/embed", "cross-origin")]
    [InlineData("/embed.js", "cross-origin")]
    [InlineData("/badges/overall.svg", "cross-origin")]
    [InlineData("/badges/overall.svg?style=plastic", "cross-origin")]
    [InlineData("/badges/overall.json", "cross-origin")]
    [InlineData("/badges/nothing.svg", "cross-origin", 404)]
    [InlineData("/api/v2/summary.json", "cross-origin")]
    [InlineData("/history.rss", "cross-origin")]
    [InlineData("/history.atom", "cross-origin")]
    [InlineData("/feed.json", "cross-origin")]
    [InlineData("/maintenance.ics", "cross-origin")]
    [InlineData("/history.ics", "cross-origin")]
    public async Task Every_answer_has_them(string path, string resourcePolicy, int status = 200)
    {
        using var answer = await _app.Http.GetAsync(path);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Check(answer, resourcePolicy);
        if (answer.Headers.ETag is not { } tag || status != 200)
            return;
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
        using var unchanged = await _app.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Check(unchanged, resourcePolicy);
    }

    [Fact]
    public async Task So_have_the_assets_of_the_page_and_of_the_desk()
    {
        using var browser = _app.NewBrowser();
        foreach (var page in new[] { "/", "/admin/sign-in" })
        {
            var document = await browser.GetAsync(page);
            foreach (
                var asset in document
                    .QuerySelectorAll("link[rel=stylesheet],script[src],link[rel=icon],img[src]")
                    .Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!)
            )
            {
                using var answer = await _app.Http.GetAsync(asset);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Check(answer, "same-origin");
            }
        }
    }

    [Theory]
    [InlineData("Subscribers", "Email")]
    [InlineData("ApiKeys", "Hash")]
    [Logs(130)]
    public async Task An_answer_that_went_wrong_has_them_too(string table, string column)
    {
        var ann = await _app.SubscriberAsync("ann@customer.example");
        var path = table == "ApiKeys" ? "/v1/pages" : SignedLink.PathFor(SignedLinkPurpose.Manage, ann.Id, (await _app.PageAsync()).LinkKey);
        var sql = $"""ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "Gone" """;
        await _app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(sql));
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { { "Authorization", "OAuth sp_00000000000000000000000000000000" } },
        };
        using var answer = await _app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Check(answer, "same-origin");
    }

    [Fact]
    public async Task Without_https_browsers_are_not_held_to_it()
    {
        await using var app = await AppHost.StartAsync("--PublicUrl", "http://status.acme.example");
        using var answer = await app.Http.GetAsync("/");
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Names_below_are_held_to_it_where_that_is_wished()
    {
        await using var app = await AppHost.StartAsync("--PublicUrl", "https://status.acme.example", "--Hsts:SubDomains", "true");
        using var answer = await app.Http.GetAsync("/");
        Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
    }

    [Fact]
    public async Task Cookies_are_bound_to_the_host_where_there_is_https()
    {
        using var form = await _app.Http.GetAsync("/admin/sign-in");
        var cookie = Assert.Single(form.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-form=", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
        Assert.Contains("secure", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", cookie, StringComparison.Ordinal);
        var token = new AngleSharp.Html.Parser.HtmlParser()
            .ParseDocument(await form.Content.ReadAsStringAsync())
            .QuerySelector("input[name=__RequestVerificationToken]")!
            .GetAttribute("value")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/sign-in")
        {
            Content = new FormUrlEncodedContent([new("Email", Desk.Email), new("Password", Desk.Password), new("__RequestVerificationToken", token)]),
            Headers = { { "Cookie", cookie.Split(';')[0] }, { "Origin", "https://status.acme.example" } },
        };
        using var signed = await _app.Http.SendAsync(request);
        Assert.All(
            signed.Headers.GetValues("Set-Cookie"),
            one =>
            {
                Assert.StartsWith("__Host-", one, StringComparison.Ordinal);
                Assert.Contains("path=/;", one, StringComparison.Ordinal);
                Assert.Contains("secure", one, StringComparison.Ordinal);
            }
        );
        Assert.Contains(signed.Headers.GetValues("Set-Cookie"), one => one.StartsWith("__Host-desk=", StringComparison.Ordinal));
    }

    private static void Check(HttpResponseMessage answer, string resourcePolicy)
    {
        string? Value(string name) => answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;
        Assert.Equal("max-age=31536000", Value("Strict-Transport-Security"));
        Assert.Equal("same-origin", Value("Cross-Origin-Opener-Policy"));
        Assert.Equal(resourcePolicy, Value("Cross-Origin-Resource-Policy"));
        Assert.Equal("nosniff", Value("X-Content-Type-Options"));
    }
}
