using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Readers;
using StatusPage.Tests.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Readers;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Readers;

/// <summary>Every road into a private page, and every way out of it.</summary>
public sealed class ReaderTests
{
    private const string Ann = "ann@acme.example";

    private static readonly AccessChoice Listed = new() { MailsLinks = true, People = ["acme.example", "bob@other.example"] };

    [Fact]
    public async Task A_reader_comes_in_by_the_password_and_gets_what_was_asked_for_until_it_changes()
    {
        await using var app = await AppHost.StartAsync();
        var component = await app.ComponentAsync("Zebra");
        await app.CloseAsync();
        using var browser = app.NewBrowser();
        var asked = await browser.GetAsync("/de/components/zebra?x=1");
        Assert.Equal(HttpStatusCode.Unauthorized, browser.Status);
        Assert.Contains("Melden Sie sich an", asked.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal("noindex", asked.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
        Assert.Empty(asked.QuerySelectorAll("script"));
        var wrong = await browser.SubmitAsync(Form(asked, "Password"), new { Password = "not it" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, browser.Status);
        await browser.SubmitAsync(Form(wrong, "Password"), new { Closing.Password });
        Assert.Equal("/de/components/zebra?x=1", browser.Location.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, browser.Status);

        // Another road does not end it, and another password does.
        await app.CloseAsync(Listed);
        await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        await app.CloseAsync(Listed, "another password altogether");
        await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, browser.Status);
        Assert.NotNull(component);
    }

    [Fact]
    public async Task What_a_reader_gets_is_kept_by_nobody_and_is_the_same_bytes_by_the_same_tag()
    {
        await using var app = await AppHost.StartAsync();
        var open = app.Services.GetRequiredService<PublicSites>().First.Current!.Find("/history")!;
        await app.CloseAsync();
        using var reader = await app.ReadAsync();
        using var http = app.NewClient();
        foreach (var encoding in new[] { "identity", "gzip", "br" })
        {
            using var answer = await GetAsync(http, "/history", reader, ("Accept-Encoding", encoding));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("no-store, private", answer.Headers.CacheControl!.ToString());
            Assert.Equal(["Cookie", "Authorization", "Accept-Encoding", "Accept-Language"], answer.Headers.Vary);
            Assert.Equal("noindex", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")));
            Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
            using var again = await GetAsync(http, "/history", reader, ("Accept-Encoding", encoding), ("If-None-Match", answer.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.True(again.Headers.CacheControl!.NoStore);
        }
        // The page itself bears a way out.
        var page = await reader.GetAsync("/history");
        await reader.SubmitAsync((IHtmlFormElement)page.QuerySelector("footer form")!, new { });
        Assert.Equal(HttpStatusCode.Unauthorized, reader.Status);
        // Assets hold nothing of the page, and may be kept.
        using var css = await http.GetAsync(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"));
        Assert.Contains("immutable", css.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(open);
    }

    [Fact]
    public async Task Guesses_are_slowed_for_each_network_and_keep_nobody_else_out()
    {
        await using var app = await AppHost.StartAsync("--TrustedProxies", "127.0.0.1");
        await app.CloseAsync();
        using var guesser = app.NewBrowser();
        guesser.From = "203.0.113.7";
        for (var guess = 0; guess < 5; guess++)
            await guesser.FillInAsync("/", new { Password = $"guess {guess}" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, guesser.Status);
        await guesser.FillInAsync("/", new { Closing.Password });
        Assert.Equal(HttpStatusCode.TooManyRequests, guesser.Status);
        using var other = app.NewBrowser();
        other.From = "198.51.100.7";
        await other.FillInAsync("/", new { Closing.Password });
        Assert.Equal(HttpStatusCode.OK, other.Status);
    }

    [Fact]
    public async Task A_mailed_link_works_once_for_addresses_on_the_list_and_nobody_learns_which_those_are()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>");
        await app.CloseAsync(Listed, password: null);
        var said = new List<string>();
        foreach (var address in new[] { "eve@evil.example", "no address", Ann, "bob@other.example" })
        {
            using var asking = app.NewBrowser();
            var answer = await asking.FillInAsync("/fr/history", new { Email = address });
            said.Add($"{asking.Status} {answer.Body!.TextContent}");
        }
        Assert.Single(said.Distinct());
        Assert.Contains("un lien lui est envoyé", said[0], StringComparison.Ordinal);
        await mail.WaitForAsync(sent => sent.To == "bob@other.example");
        var received = await mail.WaitForAsync(sent => sent.To == Ann);
        Assert.DoesNotContain(mail.Received, sent => sent.To.Contains("evil", StringComparison.Ordinal));
        Assert.StartsWith("Votre lien", received.Message.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("because you work", received.Text, StringComparison.Ordinal);
        var link = new Uri(received.Text.Split().First(word => word.Contains("/readers/link/", StringComparison.Ordinal))).PathAndQuery;

        // A program that looks at links spoils none.
        await app.Http.GetAsync(link);
        using var ann = app.NewBrowser();
        await ann.FillInAsync(link, new { });
        Assert.Equal("/fr/history", ann.Location.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, ann.Status);
        using var second = app.NewBrowser();
        await second.GetAsync(link);
        Assert.Equal(HttpStatusCode.NotFound, second.Status);

        // Taken off the list, she is out, and the others are not.
        await app.CloseAsync(Listed with { People = [Ann] }, password: null);
        await ann.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, ann.Status);
        await app.CloseAsync(Listed with { People = ["bob@other.example"] }, password: null);
        await ann.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, ann.Status);
    }

    [Fact]
    public async Task Confirmed_subscribers_come_in_where_the_owner_says_so()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>");
        await app.SubscriberAsync("customer@customer.example");
        await app.CloseAsync(Listed with { SubscribersRead = true }, password: null);
        using var customer = app.NewBrowser();
        await customer.FillInAsync("/", new { Email = "Customer@customer.example" });
        var received = await mail.WaitForAsync(sent => sent.To.Contains("customer", StringComparison.OrdinalIgnoreCase));
        await customer.FillInAsync(
            new Uri(received.Text.Split().First(word => word.Contains("/readers/link/", StringComparison.Ordinal))).PathAndQuery,
            new { }
        );
        Assert.Equal(HttpStatusCode.OK, customer.Status);
        await app.CloseAsync(Listed, password: null);
        await customer.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, customer.Status);
    }

    [Fact]
    public async Task Whoever_the_provider_signs_in_reads_without_an_account_and_only_from_the_list_where_the_owner_says_so()
    {
        await using var provider = await OpenIdServer.StartAsync();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, .. provider.Settings]);
        await app.CloseAsync(new() { ProviderReads = true }, password: null);
        provider.Person = new("23", "eve@evil.example", []);
        using var eve = app.NewBrowser();
        var asked = await eve.GetAsync("/history");
        await eve.GetAsync(asked.QuerySelector("main a.button")!.GetAttribute("href")!);
        Assert.Equal("/history", eve.Location.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, eve.Status);
        Assert.Equal(1, await app.InStoreAsync(db => db.Users.CountAsync()));

        await app.CloseAsync(
            new()
            {
                ProviderReads = true,
                ProviderListedOnly = true,
                People = ["acme.example"],
            },
            password: null
        );
        await eve.GetAsync("/history");
        Assert.Equal(HttpStatusCode.Unauthorized, eve.Status);
        var refused = await eve.GetAsync("/readers/provider?then=/history");
        Assert.Contains("not among those", refused.Body!.TextContent, StringComparison.Ordinal);
        foreach (var (isVerified, expected) in new[] { (false, "/readers"), (true, "/history") })
        {
            provider.Person = new("24", Ann, [], isVerified);
            using var ann = app.NewBrowser();
            await ann.GetAsync("/readers/provider?then=/history");
            Assert.Equal(expected, ann.Location.AbsolutePath);
        }
    }

    [Fact]
    public async Task Whoever_works_at_the_desk_of_the_page_reads_it_until_they_do_not()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var other = await app.AddPageAsync("Europe", "eu");
        await app.CloseAsync(password: null);
        await app.CloseAsync(password: null, page: other.Id);
        using var owner = await app.SignInAsync();
        await owner.GetAsync("/history");
        Assert.Equal(HttpStatusCode.OK, owner.Status);
        // A role at one page is none at another.
        var closed = await owner.GetAsync("/eu/history");
        Assert.Equal(HttpStatusCode.Unauthorized, owner.Status);
        Assert.Contains("Only those who work on it", closed.Body!.TextContent, StringComparison.Ordinal);
        await owner.GetAsync("/subscribe");
        await owner.FillInAsync("/subscribe", new { Email = Ann });
        Assert.Equal(HttpStatusCode.OK, owner.Status);
    }

    [Fact]
    public async Task A_token_reads_for_programs_alone_and_never_shows_up()
    {
        await using var app = await AppHost.StartAsync("--Log:Level", "Debug");
        await app.ComponentAsync("Zebra");
        var page = (await app.PageAsync()).Id;
        await app.CloseAsync();
        var token = await app.ReadTokenAsync(page);
        foreach (
            var path in new[]
            {
                "/history.atom",
                "/de/history.rss",
                "/feed.json",
                "/badges/zebra.svg",
                "/badges/zebra.svg?style=flat",
                "/embed",
                "/api/v2/summary.json",
                "/llms.txt",
                "/maintenance.ics",
            }
        )
        {
            using var byAddress = await app.Http.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}token={token}");
            using var byHeader = await GetAsync(app.Http, path, null, ("Authorization", $"Bearer {token}"));
            foreach (var answer in new[] { byAddress, byHeader })
            {
                Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
                Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
                Assert.True(answer.Headers.CacheControl!.NoStore);
                Assert.DoesNotContain(token, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
            using var again = await GetAsync(
                app.Http,
                $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}token={token}",
                null,
                ("If-None-Match", byAddress.Headers.ETag!.ToString())
            );
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
        using var forPeople = await GetAsync(app.Http, $"/history?token={token}", null);
        Assert.Equal(HttpStatusCode.Unauthorized, forPeople.StatusCode);
        Assert.DoesNotContain(app.Logged, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, app.Printed, StringComparison.Ordinal);

        var row = await app.InStoreAsync(db => db.ReadTokens.AsNoTracking().SingleAsync());
        Assert.Equal(ApiKey.HashOf(token), row.Hash);
        var used = app.Services.GetRequiredService<TokenUses>().Take();
        if (used.Count > 0)
            Assert.Equal(row.Id, used.Single().Token);
        else
            Assert.NotNull(row.LastUsedAt);
        await app.InStoreAsync(async db =>
        {
            db.ReadTokens.Single().Revoke(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        await app.ChangeAccessAsync(page, _ => access => access.Touch(DateTimeOffset.UtcNow));
        using var revoked = await app.Http.GetAsync($"/history.atom?token={token}");
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Fact]
    public async Task The_owner_closes_the_page_sees_what_changes_makes_a_token_and_opens_it_again()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.SubscriberAsync("customer@customer.example");
        await app.SubscriberAsync(Ann);
        using var owner = await app.SignInAsync();
        var access = await owner.GetAsync("/admin/access");
        var form = (IHtmlFormElement)access.QuerySelector("form[action*='handler=Save']")!;
        var values = new
        {
            ByLink = "true",
            People = "acme.example",
            ByPassword = "true",
            Closing.Password,
        };
        form.SetAttribute("action", "/admin/access?handler=Preview");
        var preview = await owner.SubmitAsync(form, values);
        Assert.Contains("told nothing while they are not: 1", preview.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("What was public is not taken back", preview.Body.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/")).StatusCode);

        var closed = await owner.SubmitAsync((IHtmlFormElement)preview.QuerySelector("form[action*='handler=Save']")!, values);
        Assert.Contains("The page is private now", closed.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync("/")).StatusCode);
        Assert.DoesNotContain(Closing.Password, closed.Source.Text, StringComparison.Ordinal);
        using var reader = await app.ReadAsync();

        var made = await owner.SubmitAsync((IHtmlFormElement)closed.QuerySelector("form[action*='handler=Token']")!, new { Name = "wall" });
        var token = made.QuerySelector(".secret")!.TextContent;
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"/feed.json?token={token}")).StatusCode);
        var listed = await owner.GetAsync("/admin/access");
        Assert.DoesNotContain(token, listed.Source.Text, StringComparison.Ordinal);
        await owner.SubmitAsync((IHtmlFormElement)listed.QuerySelector("form[action*='handler=Revoke']")!, new { });
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Http.GetAsync($"/feed.json?token={token}")).StatusCode);

        await owner.SubmitAsync((IHtmlFormElement)listed.QuerySelector("form[action*='handler=End']")!, new { });
        await reader.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, reader.Status);
        await owner.SubmitAsync((IHtmlFormElement)listed.QuerySelector("form[action*='handler=Open']")!, new { });
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/")).StatusCode);
        var acts = await app.InStoreAsync(db => db.Audit.Select(entry => entry.Action).ToListAsync());
        Assert.Superset(
            new HashSet<string> { "access.closed", "access.token-made", "access.token-revoked", "access.signed-out", "access.opened" },
            acts.ToHashSet()
        );
        // Neither the list nor the key gets into the audit, which is never deleted.
        Assert.DoesNotContain(
            await app.InStoreAsync(db => db.Audit.Select(entry => entry.Changes).ToListAsync()),
            changes => changes?.Contains("acme.example\"", StringComparison.Ordinal) == true && changes.Contains("PageAccess", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Whoever_is_not_on_the_list_is_told_nothing_and_the_link_in_an_older_mail_shows_nothing()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync("--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>");
        await app.ComponentAsync("Zebra");
        var removed = await app.SubscriberAsync("eve@evil.example");
        await app.SubscriberAsync(Ann);
        await app.CloseAsync(Listed, password: null);
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Giraffes", body = "x" });
        await mail.WaitForAsync(sent => sent.To == Ann);
        await Eventually.TrueAsync(
            "the other is suppressed",
            () =>
                app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.State == DeliveryState.Suppressed && row.LastError!.Contains("not on the list")))
        );
        Assert.DoesNotContain(mail.Received, sent => sent.To.Contains("evil", StringComparison.Ordinal));

        var key = (await app.PageAsync()).LinkKey;
        using var eve = app.NewBrowser();
        var manage = await eve.GetAsync(SignedLink.PathFor(SignedLinkPurpose.Manage, removed.Id, key));
        Assert.Equal(HttpStatusCode.OK, eve.Status);
        Assert.DoesNotContain("Zebra", manage.Source.Text, StringComparison.Ordinal);
        await eve.SubmitAsync((IHtmlFormElement)manage.QuerySelector("form[action*=unsubscribe]")!, new { });
        Assert.Equal(HttpStatusCode.OK, eve.Status);
        Assert.Equal(
            Domain.Subscriptions.SubscriptionState.Ended,
            await app.InStoreAsync(db => db.Subscribers.Where(row => row.Id == removed.Id).Select(row => row.State).SingleAsync())
        );
    }

    [Fact]
    public async Task A_new_program_on_the_folder_of_a_private_page_keeps_it_closed_and_lets_its_readers_in()
    {
        using var folder = new TempFolder();
        string cookie;
        PageRows rows;
        await using (var app = await AppHost.StartAsync(folder, null))
        {
            rows = await PageRows.OfAsync(app, await app.PageAsync());
            await app.CloseAsync();
            using var reader = await app.ReadAsync();
            cookie = reader.Cookies.GetCookieHeader(app.BaseAddress);
        }
        var file = Path.Combine(folder.Path, "snapshot.json");
        Assert.Contains(rows.Mark, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        // A store that is no store: nothing is left but the file.
        await using var without = await AppHost.StartAsync(
            folder,
            null,
            "--ConnectionStrings:Postgres",
            "Host=127.0.0.1;Port=9;Username=x;Password=x;Timeout=1"
        );
        using var stranger = await without.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.DoesNotContain(rows.Mark, await stranger.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var known = await GetAsync(without.Http, "/", null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Contains(rows.Mark, Encoding.UTF8.GetString(await known.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
        using var fresh = await without.ReadAsync("/history");
        Assert.Equal(HttpStatusCode.OK, fresh.Status);
    }

    private static IHtmlFormElement Form(IHtmlDocument page, string handler) => page.Form(handler);

    private static Task<HttpResponseMessage> GetAsync(HttpClient http, string path, BrowserSession? reader, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (reader is not null)
            request.Headers.Add("Cookie", reader.Cookies.GetCookieHeader(new Uri(http.BaseAddress!, path)));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return http.SendAsync(request);
    }
}
