using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Pages;

/// <summary>Several pages in one installation: each is found at its address, and none shows anything of another.</summary>
public sealed class SeveralPagesTests
{
    private static readonly string[] Settings = [.. Desk.Owner, "--Page:Name", "Acme"];

    [Fact]
    public async Task A_page_under_a_path_is_a_whole_page()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Settings, "--Email:Smtp", mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        await app.ComponentAsync("Main API");
        using var owner = await app.SignInAsync();
        var page = await AddAsync(app, owner, "Acme Europe", slug: "eu");

        // The owner who made it works there with the same sign-in.
        await owner.FillInAsync("/eu/admin/components", new { Name = "Rhine API" }, "form:has(button[data-main])");
        Assert.Equal("/eu/admin/components", owner.Location.AbsolutePath);
        var home = await owner.GetAsync("/eu/");
        Assert.Equal("Acme Europe", home.QuerySelector("header .name")!.TextContent);
        Assert.Contains("Rhine API", home.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Main API", home.Body.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Rhine API", (await owner.GetAsync("/")).Body!.TextContent, StringComparison.Ordinal);

        // All its links work and lead to the page itself.
        home = await owner.GetAsync("/eu");
        foreach (
            var link in home.QuerySelectorAll("[href], [src]")
                .Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!)
                .Where(link => link.StartsWith('/'))
                .Distinct()
        )
        {
            Assert.StartsWith("/eu/", link, StringComparison.Ordinal);
            using var answer = await app.Http.GetAsync(link);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{link}: {answer.StatusCode}");
        }
        await owner.FillInAsync("/eu/admin/incidents/new", Desk.Example(), "form[data-compose]");
        Assert.StartsWith("/eu/admin/incidents/", owner.Location.AbsolutePath, StringComparison.Ordinal);
        var id = owner.Location.Segments[^1];
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync($"/eu/incidents/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"/incidents/{id}")).StatusCode);
        Assert.Contains($"{app.BaseAddress}eu/incidents/{id}", await app.Http.GetStringAsync("/eu/history.rss"), StringComparison.Ordinal);
        Assert.Empty(XDocument.Parse(await app.Http.GetStringAsync("/history.rss")).Descendants("item"));
        Assert.Contains(
            $"\"id\":\"{page.Id}\"",
            (await app.Http.GetStringAsync("/eu/api/v2/summary.json")).Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );

        // The links of a subscription there lead there.
        using var visitor = app.NewBrowser();
        await visitor.FillInAsync("/eu/subscribe", new { Email = "ann@customer.example" }, "form[method=post]");
        var confirm = await mail.WaitForAsync(received => received.To == "ann@customer.example");
        var goal = $"{app.BaseAddress}eu/subscribe/confirm/";
        var from = confirm.Text.IndexOf(goal, StringComparison.Ordinal);
        Assert.True(from >= 0, confirm.Text);
        await visitor.FillInAsync(new Uri(confirm.Text[from..].Split('\n')[0].Trim()).PathAndQuery, new { });
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        var subscriber = await app.InStoreAsync(db => db.Subscribers.SingleAsync());
        Assert.Equal(page.Id, subscriber.PageId);
        Assert.Empty((await owner.GetAsync("/admin/subscribers")).QuerySelectorAll("tbody tr"));

        // News of the first page does not reach it.
        await app.SubscriberAsync("bob@customer.example");
        await owner.FillInAsync(
            "/admin/incidents/new",
            new Dictionary<string, object?>(Desk.Example()) { ["Title"] = "Main is down" },
            "form[data-compose]"
        );
        var bob = await mail.WaitForAsync(received => received.To == "bob@customer.example");
        Assert.Contains($"{app.BaseAddress}incidents/", bob.Text, StringComparison.Ordinal);
        await owner.FillInAsync(
            $"/eu/admin/incidents/{id}",
            new Dictionary<string, object?> { ["Update.Phase"] = "resolved", ["Update.Body"] = "It works again." },
            "form[data-compose]"
        );
        await mail.WaitForAsync(received => received.To == "ann@customer.example" && received.Text.Contains("works again", StringComparison.Ordinal));
        Assert.DoesNotContain(mail.To("ann@customer.example"), received => received.Text.Contains("Main is down", StringComparison.Ordinal));
        Assert.Single(mail.To("bob@customer.example"));
    }

    [Fact]
    public async Task A_page_with_a_host_name_answers_to_that_and_to_nothing_else()
    {
        await using var app = await AppHost.StartAsync([.. Settings, "--PublicUrl", "http://status.acme.example"]);
        using var owner = await app.SignInAsync();
        await AddAsync(app, owner, "Acme Cloud", host: "Status.Cloud.Example.");
        var cloud = await GetAsync(app, "/", "status.cloud.example");
        Assert.Contains("Acme Cloud", cloud, StringComparison.Ordinal);
        Assert.Contains(
            "<link>http://status.cloud.example/</link>",
            await GetAsync(app, "/history.rss", "status.cloud.example:80"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Acme Cloud", await GetAsync(app, "/", "elsewhere.example"), StringComparison.Ordinal);
        Assert.DoesNotContain("Acme Cloud", await GetAsync(app, "/", "status.acme.example"), StringComparison.Ordinal);
        Assert.Contains("<link>http://status.acme.example/</link>", await GetAsync(app, "/history.rss", "status.acme.example"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_at_one_page_is_none_at_another()
    {
        await using var app = await AppHost.StartAsync(Settings);
        using var owner = await app.SignInAsync();
        var page = await AddAsync(app, owner, "Acme Europe", slug: "eu");
        await app.AccountAsync("eva@acme.example", Role.Owner, page.Id);
        using var eva = app.NewBrowser();
        await eva.FillInAsync("/eu/admin/sign-in", new { Email = "eva@acme.example", Desk.Password });
        Assert.Equal(("/eu/admin", HttpStatusCode.OK), (eva.Location.AbsolutePath, eva.Status));
        foreach (
            var room in new[]
            {
                "",
                "/incidents",
                "/incidents/new",
                "/components",
                "/subscribers",
                "/audit",
                "/settings",
                "/accounts",
                "/keys",
                "/channels",
                "/pages",
            }
        )
        {
            var denied = await eva.GetAsync($"/admin{room}");
            Assert.Equal((room, HttpStatusCode.Forbidden), (room, eva.Status));
            Assert.Equal("/eu/admin", denied.QuerySelector("main a")!.GetAttribute("href"));
        }
        // The owner of another page cannot create pages.
        await eva.GetAsync("/eu/admin/pages");
        Assert.Equal(HttpStatusCode.Forbidden, eva.Status);

        // When she is invited to the first page as well, she needs no second account.
        await owner.FillInAsync("/admin/accounts", new { Email = "eva@acme.example", Role = "auditor" }, "form[action*=Invite]");
        Assert.Equal(2, await app.InStoreAsync(db => db.Users.CountAsync()));
        await eva.GetAsync("/admin");
        Assert.Equal(HttpStatusCode.OK, eva.Status);
        await eva.GetAsync("/admin/settings");
        Assert.Equal(HttpStatusCode.Forbidden, eva.Status);

        // Removed from one page, she keeps the other; removed from that too, she loses the account.
        foreach (var (desk, left) in new[] { ("/admin", 2), ("/eu/admin", 1) })
        {
            var row = (await owner.GetAsync($"{desk}/accounts"))
                .QuerySelectorAll("tbody tr")
                .Single(line => line.TextContent.Contains("eva@", StringComparison.Ordinal));
            await owner.SubmitAsync((AngleSharp.Html.Dom.IHtmlFormElement)row.QuerySelector("form[action*=Remove]")!, new { });
            Assert.Equal(left, await app.InStoreAsync(db => db.Users.CountAsync()));
        }
        await eva.GetAsync("/eu/admin");
        Assert.EndsWith("/sign-in", eva.Location.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_belongs_to_another_page_is_not_found()
    {
        await using var app = await AppHost.StartAsync([.. Settings, "--Demo", "true"]);
        using var owner = await app.SignInAsync();
        var page = await AddAsync(app, owner, "Acme Europe", slug: "eu");
        using var key = await app.ApiAsync(Role.Owner);
        var (incident, component, maintenance, update) = await app.InStoreAsync(async db =>
            (
                await db.Incidents.Select(row => row.Id).FirstAsync(),
                await db.Components.Select(row => row.Id).FirstAsync(),
                await db.Maintenances.Select(row => row.Id).FirstAsync(),
                (await db.Incidents.Include(row => row.Updates).FirstAsync()).Updates[0].Id
            )
        );
        var subscriber = await app.SubscriberAsync("bob@customer.example");
        foreach (
            var path in new[]
            {
                $"incidents/{incident}",
                $"components/{component}",
                $"maintenances/{maintenance}",
                $"subscribers/{subscriber.Id}",
                $"deliveries/{update}",
            }
        )
        {
            await owner.GetAsync($"/admin/{path}");
            Assert.Equal((path, HttpStatusCode.OK), (path, owner.Status));
            await owner.GetAsync($"/eu/admin/{path}");
            Assert.Equal((path, HttpStatusCode.NotFound), (path, owner.Status));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await key.GetAsync($"/v1/pages/{page.Id}/incidents")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await key.SendTextAsync(HttpMethod.Post, $"/v1/pages/{page.Id}/incidents", """{"incident":{"name":"x","body":"y"}}""")).Status
        );
        Assert.DoesNotContain(component.Value, await app.Http.GetStringAsync("/eu/api/v2/components.json"), StringComparison.Ordinal);

        // No byte of the first page is in any document of the other.
        var names = await app.InStoreAsync(db => db.Components.Select(row => row.Name).ToListAsync());
        foreach (var (path, made) in await app.Services.GetRequiredService<PublicSites>().Of(page.Id)!.Current!.AllAsync())
            if (path is not "not-found" && !path.StartsWith("/assets/", StringComparison.Ordinal))
                Assert.DoesNotContain(
                    names,
                    name => name.Length > 4 && Encoding.UTF8.GetString(made.Document.Plain.Body).Contains($">{name}<", StringComparison.Ordinal)
                );
    }

    [Fact]
    public async Task A_closed_page_is_gone_until_it_is_opened_again()
    {
        await using var app = await AppHost.StartAsync(Settings);
        using var owner = await app.SignInAsync();
        var page = await AddAsync(app, owner, "Acme Europe", slug: "eu");
        await owner.FillInAsync($"/admin/pages/{page.Id}", new { }, "form[action*=Close]");
        foreach (var path in new[] { "/eu/", "/eu/history.rss", "/eu/admin", "/eu/subscribe" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync(path)).StatusCode);
        await owner.FillInAsync($"/admin/pages/{page.Id}", new { }, "form[action*=Open]");
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync("/eu/")).StatusCode);
        await owner.FillInAsync($"/admin/pages/{page.Id}", new { Slug = "europe" }, "form[action*=Move]");
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/eu/")).StatusCode);
        Assert.Contains("/europe/history", await app.Http.GetStringAsync("/europe/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_outlives_a_restart()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Settings))
        {
            using var owner = await app.SignInAsync();
            await AddAsync(app, owner, "Acme Europe", slug: "eu");
        }
        Assert.Single(Directory.GetFiles(folder.Path, "snapshot-*.json"));
        await using var again = await AppHost.StartAsync(folder, null, Settings);
        await Eventually.TrueAsync("the page is shown", async () => (await again.Http.GetAsync("/eu/")).StatusCode == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("admin", "", "/admin is an address that every page has")]
    [InlineData("a b", "", "cannot be a path")]
    [InlineData("", "", "Enter a path or a host name")]
    [InlineData("eu", "status.acme.example", "one of the two")]
    [InlineData("", "https://status.acme.example/", "is not a host name")]
    [InlineData("eu", "", "is there already")]
    public async Task A_place_that_cannot_be_is_refused_in_words(string slug, string host, string says)
    {
        await using var app = await AppHost.StartAsync(Settings);
        using var owner = await app.SignInAsync();
        await AddAsync(app, owner, "Acme Europe", slug: "eu");
        var answer = await owner.FillInAsync(
            "/admin/pages",
            new
            {
                Name = "Other",
                TimeZone = "Etc/UTC",
                Slug = slug,
                HostName = host,
            },
            "form:has(button[data-main])"
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.Contains(says, answer.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Other", answer.QuerySelector("#Name")!.GetAttribute("value"));
    }

    [Fact]
    public async Task No_page_can_take_a_path_that_is_in_use()
    {
        await using var app = await AppHost.StartAsync(Settings);
        var routes = app
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(route => "/" + route.RoutePattern.RawText?.TrimStart('/'));
        var documents = app.Services.GetRequiredService<PublicSites>().First.Current!.Made.Keys;
        foreach (
            var segment in routes
                .Concat(documents)
                .Select(path => path.Split('/', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(""))
                .Where(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                .Distinct()
        )
            Assert.True(PageLocation.IsTaken(segment), segment);
    }

    private static async Task<Page> AddAsync(AppHost app, BrowserSession owner, string name, string slug = "", string host = "")
    {
        await owner.FillInAsync(
            "/admin/pages",
            new
            {
                Name = name,
                TimeZone = "Europe/Berlin",
                Slug = slug,
                HostName = host,
            },
            "form:has(button[data-main])"
        );
        Assert.StartsWith("/admin/pages/", owner.Location.AbsolutePath, StringComparison.Ordinal);
        return await app.InStoreAsync(async db =>
        {
            var page = await db.Pages.SingleAsync(page => page.Name == name);
            // What is posted here leaves at once.
            page.LetTakeBack(TimeSpan.Zero, DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            return page;
        });
    }

    private static async Task<string> GetAsync(AppHost app, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        using var answer = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }
}
